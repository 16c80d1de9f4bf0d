using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>One side of a TCP connection: takes in all that comes, keeps every byte, and knows how it ended. Text is
/// Latin-1: one character a byte.</summary>
/// <remarks>Its pump is the one writer of what was received; the lock guards it and the news.</remarks>
internal sealed class Peer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan ForEver = Timeout.InfiniteTimeSpan;

    private readonly Socket _socket;
    private readonly Lock _gate = new();
    private readonly Task _pump;
    private byte[] _received = new byte[4096];
    private int _count;
    private int _cursor;
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PeerState _state;

    public Peer(Socket socket)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _pump = PumpAsync();
    }

    public PeerState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>What came and was not taken yet.</summary>
    public string Untaken => Text(Volatile.Read(ref _cursor));

    /// <summary>All that came.</summary>
    public string Received => Text(0);

    /// <summary>Whether the system still holds bytes that the pump has not seen.</summary>
    public bool HasUnseen => State == PeerState.Open && _socket.Available > 0;

    /// <summary>Takes all up to and including a mark; null where the connection ended or patience did before.</summary>
    public async Task<string?> ThroughAsync(string mark, TimeSpan patience)
    {
        var bytes = Encoding.Latin1.GetBytes(mark);
        var at = -1;
        await UntilAsync(() => (at = IndexOf(bytes)) >= 0, patience);
        return at < 0 ? null : Take(at + bytes.Length);
    }

    /// <summary>Takes so many bytes; fewer where the connection ended or patience did.</summary>
    public async Task<string> TakeAsync(long length)
    {
        await UntilAsync(() => _count - _cursor >= length, Patience);
        return Take((int)Math.Min(length, _count - _cursor));
    }

    /// <summary>Takes all until the connection ends.</summary>
    public async Task<string> ToEndAsync()
    {
        await UntilAsync(() => State != PeerState.Open, Patience);
        return Take(_count - _cursor);
    }

    /// <returns>False where it did not become true before the end of the connection or of patience.</returns>
    public async Task<bool> UntilAsync(Func<bool> condition, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            Task news;
            bool ended;
            lock (_gate)
            {
                (news, ended) = (_news.Task, _state != PeerState.Open);
            }

            if (condition())
            {
                return true;
            }

            if (ended || (patience != ForEver && watch.Elapsed >= patience))
            {
                return false;
            }

            var rest = patience == ForEver ? patience : patience - watch.Elapsed;
            await Task.WhenAny(news, Task.Delay(rest < TimeSpan.Zero && rest != ForEver ? TimeSpan.Zero : rest));
        }
    }

    /// <summary>Sends; a connection that has ended takes nothing, which shows in what was received.</summary>
    public async Task SayAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            ReadOnlyMemory<byte> rest = Encoding.Latin1.GetBytes(text);
            while (rest.Length > 0)
            {
                rest = rest[await _socket.SendAsync(rest, SocketFlags.None, deadline.Token)..];
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // Seen by the reader.
        }
    }

    public void HalfClose() => Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        try
        {
            _socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        // Disposed under a pending read it would be reset.
        Shutdown(SocketShutdown.Both);
        _socket.Dispose();
        await _pump;
    }

    private void Shutdown(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    private string Take(int length)
    {
        lock (_gate)
        {
            var text = Encoding.Latin1.GetString(_received, _cursor, length);
            _cursor += length;
            return text;
        }
    }

    private string Text(int from)
    {
        lock (_gate)
        {
            return Encoding.Latin1.GetString(_received, from, _count - from);
        }
    }

    private int IndexOf(byte[] mark)
    {
        lock (_gate)
        {
            return _received.AsSpan(_cursor, _count - _cursor).IndexOf(mark);
        }
    }

    private async Task PumpAsync()
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var (count, state) = await ReceiveAsync(buffer);
            lock (_gate)
            {
                if (_received.Length < _count + count)
                {
                    Array.Resize(ref _received, Math.Max(_received.Length * 2, _count + count));
                }

                buffer.AsSpan(0, count).CopyTo(_received.AsSpan(_count));
                _count += count;
                _state = state;
                _news.SetResult();
                _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (state != PeerState.Open)
            {
                return;
            }
        }
    }

    private async Task<(int Count, PeerState State)> ReceiveAsync(byte[] buffer)
    {
        try
        {
            var count = await _socket.ReceiveAsync(buffer, SocketFlags.None);
            return (count, count == 0 ? PeerState.Ended : PeerState.Open);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return (0, PeerState.Reset);
        }
    }
}
