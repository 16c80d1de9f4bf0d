using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace MiniLB.Transport;

/// <summary>Accepts connections on one socket until that is closed, and waits where the system has no more to
/// give.</summary>
/// <param name="socket">Listens.</param>
/// <param name="wanted">What it is for.</param>
/// <param name="connect">Makes a connection of an accepted socket.</param>
/// <param name="logger">For what goes wrong.</param>
internal sealed class TransportListener(
    Socket socket, WantedListener wanted, Func<Socket, ConnectionContext> connect, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly SpareDescriptors _spare = new();
    private TimeSpan _pause = FirstPause;

    // Written at a reload, read by connections as they begin.
    private volatile WantedListener _wanted = wanted;

    public bool IsAdmin => _wanted.IsAdmin;

    /// <summary>Whether HTTP/2 with prior knowledge is served beside HTTP/1.1.</summary>
    public bool Http2 => _wanted.Http2;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public bool Serves(WantedListener other) => _wanted.IsSameSocket(other);

    /// <summary>Obeys another configuration of the same socket.</summary>
    public void Obey(WantedListener wanted)
    {
        if (wanted.Mode is { } mode && mode != _wanted.Mode && EndPoint is UnixDomainSocketEndPoint unix
            && !OperatingSystem.IsWindows())
        {
            try
            {
                File.SetUnixFileMode(unix.ToString(), mode);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody has taken the path away: nobody new comes in by it.
            }
        }

        _wanted = wanted;
    }

    /// <returns>Null once the listener is closed.</returns>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                if (!_spare.TryHold())
                {
                    throw new SocketException((int)SocketError.TooManyOpenSockets);
                }

                var accepted = await socket.AcceptAsync(cancellationToken);
                _pause = FirstPause;
                if (accepted.ProtocolType == ProtocolType.Tcp)
                {
                    accepted.NoDelay = true;
                }

                var connection = connect(accepted);
                connection.Features.Set(this);
                return connection;
            }
            catch (SocketException e) when (IsExhaustion(e.SocketErrorCode))
            {
                // Retrying at once would spin a core while nothing can be accepted.
                _spare.Release();
                TransportLog.AcceptPaused(logger, EndPoint.ToString()!, (long)_pause.TotalMilliseconds, e.Message);
                if (!await PauseAsync())
                {
                    return null;
                }
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // The client was gone before it was accepted (accept(2) passes such errors on); there may be others.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        // Shutdown closes it first, Kestrel once more at its own stop: by then the path may be another process's.
        if (_closing.IsCancellationRequested)
        {
            return;
        }

        await _closing.CancelAsync();
        await TakeBacklogAsync();
        socket.Dispose();
        DeletePath();
    }

    /// <summary>Closes it before anybody was accepted.</summary>
    public void Discard()
    {
        socket.Dispose();
        _spare.Dispose();
        DeletePath();
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        _spare.Dispose();
        return ValueTask.CompletedTask;
    }

    private void DeletePath()
    {
        if (EndPoint is UnixDomainSocketEndPoint unix)
        {
            File.Delete(unix.ToString());
        }
    }

    // Closing a listening socket resets what has connected but was not accepted yet: let the accept loop take it first.
    private async Task TakeBacklogAsync()
    {
        try
        {
            for (var i = 0; i < 100 && socket.Poll(0, SelectMode.SelectRead); i++)
            {
                await Task.Delay(1);
            }
        }
        catch (ObjectDisposedException)
        {
            // Already closed.
        }
    }

    private async Task<bool> PauseAsync()
    {
        try
        {
            await Task.Delay(_pause, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        _pause = TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, LongestPause.Ticks));
        return true;
    }

    private static bool IsExhaustion(SocketError error) => error is SocketError.TooManyOpenSockets
        or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit or SocketError.SystemNotReady
        or SocketError.SocketError;
}
