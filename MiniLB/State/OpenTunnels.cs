using System.Collections.Concurrent;

namespace MiniLB.State;

/// <summary>The tunnels through one backend, so that they can be ended when it is drained.</summary>
internal sealed class OpenTunnels
{
    private readonly ConcurrentDictionary<OpenTunnel, byte> _open = new();

    public int Count => _open.Count;

    public OpenTunnel Add(Action end)
    {
        var tunnel = new OpenTunnel(this, end);
        _open.TryAdd(tunnel, 0);
        return tunnel;
    }

    public void Remove(OpenTunnel tunnel) => _open.TryRemove(tunnel, out _);

    /// <summary>Ends those through which nothing has gone for some time; both of their sides are told.</summary>
    /// <param name="now">Milliseconds.</param>
    /// <param name="quiet">Milliseconds without a byte.</param>
    public void EndQuiet(long now, long quiet)
    {
        foreach (var (tunnel, _) in _open)
        {
            if (now - tunnel.LastByteAt >= quiet)
            {
                tunnel.End();
            }
        }
    }
}

/// <summary>One tunnel: when its last byte passed, and how to end it.</summary>
internal sealed class OpenTunnel(OpenTunnels all, Action end) : IDisposable
{
    private long _lastByteAt = Environment.TickCount64;

    /// <summary>Milliseconds. Written by both directions, read by whoever drains.</summary>
    public long LastByteAt => Volatile.Read(ref _lastByteAt);

    public void Touch() => Volatile.Write(ref _lastByteAt, Environment.TickCount64);

    public void End() => end();

    public void Dispose() => all.Remove(this);
}
