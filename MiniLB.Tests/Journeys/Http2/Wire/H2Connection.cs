using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>A client's HTTP/2 connection of which each frame is the test's own; a task of its own reads all that
/// comes, acknowledges settings and pings, and opens the windows again.</summary>
internal sealed class H2Connection : IAsyncDisposable
{
    private static readonly TimeSpan SendDeadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly H2Received _received = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private Task _reading = Task.CompletedTask;

    private H2Connection(Socket socket) => _socket = socket;

    /// <summary>False for a client that lets its windows run out.</summary>
    public bool OpensWindows { get; set; } = true;

    public ErrorCode? GoAway => _received.Read(r => r.GoAway);

    public bool Closed => _received.Read(r => r.Closed);

    public bool Settled => _received.Read(r => r.Settled);

    public uint? Setting(Setting name) =>
        _received.Read(r => r.Settings.TryGetValue(name, out var value) ? value : (uint?)null);

    /// <summary>What may be sent on a stream now.</summary>
    public long Window(int stream) => _received.Read(r => r.Window(stream));

    /// <summary>Takes as much of the windows as there is, for the caller to send.</summary>
    public int TakeWindow(int stream, int wanted) => _received.TakeWindow(stream, wanted);

    public static async Task<H2Connection> OpenAsync(Uri url, params (Setting Name, uint Value)[] settings)
    {
        var connection = await ConnectAsync(url);
        await connection.SendBytesAsync(Frame.Preface);
        await connection.SendAsync(Frame.Settings(settings));
        return connection;
    }

    /// <summary>A connection on which nothing was sent yet.</summary>
    public static async Task<H2Connection> ConnectAsync(Uri url)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(url.Host), url.Port);
        var connection = new H2Connection(socket);
        connection._reading = connection.ReadAsync();
        return connection;
    }

    public async Task SendAsync(params Frame[] frames) =>
        await SendBytesAsync([.. frames.SelectMany(f => f.ToBytes())]);

    public async Task SendBytesAsync(byte[] bytes)
    {
        using var deadline = new CancellationTokenSource(SendDeadline);
        await _sending.WaitAsync(deadline.Token);
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent), SocketFlags.None, deadline.Token);
            }
        }
        catch (SocketException)
        {
            // The other side has closed: what it said before is the test's matter.
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Sends a body within the windows that the other side grants.</summary>
    public async Task SendBodyAsync(int stream, byte[] body, bool end = true)
    {
        for (var at = 0; at < body.Length;)
        {
            var length = 0;
            await UntilAsync(
                () => (length = _received.TakeWindow(stream, Math.Min(16_384, body.Length - at))) > 0 || Closed,
                "a window for the body");
            Assert.False(Closed, "the connection ended amid the body");
            await SendAsync(Frame.Data(stream, body[at..(at + length)]));
            at += length;
        }

        if (end)
        {
            await SendAsync(Frame.Data(stream, [], end: true));
        }
    }

    /// <summary>Reads a stream's state consistently.</summary>
    public T See<T>(int stream, Func<StreamState, T> look) => _received.Read(r => look(r.Stream(stream)));

    public T Look<T>(int stream, Func<Rows.Seen, T> look) =>
        _received.Read(r => look(new Rows.Seen(r.Stream(stream), r.GoAway, r.Closed)));

    /// <summary>True when nothing more can come on a stream.</summary>
    public bool IsOver(int stream) => Closed || See(stream, s => s.Ended || s.Reset is not null);

    /// <summary>Waits a while for something that may never come.</summary>
    public static async Task<bool> SeesAsync(Func<bool> condition, TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (!condition() && watch.Elapsed < limit)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2));
        }

        return condition();
    }

    public Task UntilAsync(Func<bool> condition, string what) => Eventually.True(condition, what, ToString);

    public async Task<StreamState> AnswerAsync(int stream)
    {
        await UntilAsync(() => IsOver(stream), $"the end of stream {stream}");
        return See(stream, s => s);
    }

    public void ResetConnection()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
        _sending.Dispose();
    }

    public override string ToString() => _received.ToString();

    private async Task ReadAsync()
    {
        try
        {
            while (await FrameReader.ReadAsync(_socket) is { } frame)
            {
                await TakeAsync(frame);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A reset is an end too.
        }
        finally
        {
            _received.Close();
        }
    }

    private async Task TakeAsync(Frame frame)
    {
        _received.Take(frame);
        if (frame.Type == FrameType.Settings && !frame.Has(FrameFlags.Ack))
        {
            await SendAsync(Frame.SettingsAck());
        }
        else if (frame.Type == FrameType.Ping && !frame.Has(FrameFlags.Ack))
        {
            await SendAsync(frame with { Flags = FrameFlags.Ack });
        }
        else if (frame is { Type: FrameType.Data, Payload.Length: > 0 } && OpensWindows)
        {
            var length = (uint)frame.Payload.Length;
            var ends = frame.Has(FrameFlags.EndStream);
            Frame[] forStream = ends ? [] : [Frame.WindowUpdate(frame.StreamId, length)];
            await SendAsync([Frame.WindowUpdate(0, length), .. forStream]);
        }
    }
}
