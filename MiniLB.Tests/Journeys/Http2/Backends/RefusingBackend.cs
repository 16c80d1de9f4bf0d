using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Backends;

/// <summary>An HTTP/2 backend that refuses its first streams (REFUSED_STREAM) and answers the rest, once their bodies
/// have come.</summary>
internal sealed class RefusingBackend : IAsyncDisposable
{
    private const uint Window = 1024 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<StreamState> _streams = [];
    private readonly ConcurrentBag<Socket> _open = [];
    private readonly int _refuseAfter;
    private readonly Task _accepting;
    private int _refusals;

    /// <param name="refusals">How many streams.</param>
    /// <param name="refuseAfter">Bytes of a body that come before its stream is refused.</param>
    public RefusingBackend(int refusals, int refuseAfter)
    {
        (_refusals, _refuseAfter) = (refusals, refuseAfter);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndPoint}";

    /// <summary>The head of every answer, whose body is "ab"; null for a 200 without one.</summary>
    public (string Name, string Value)[]? Answer { get; init; }

    /// <summary>Every stream, in the order in which they were opened.</summary>
    public IReadOnlyList<StreamState> Streams => [.. _streams];

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var socket in _open)
        {
            socket.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync();
                _open.Add(socket);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var received = new H2Received();
        try
        {
            for (var preface = new byte[Frame.Preface.Length]; preface.Length > 0;)
            {
                preface = preface[await socket.ReceiveAsync(preface)..];
            }

            await SendAsync(
                socket, Frame.Settings((Setting.InitialWindowSize, Window)), Frame.WindowUpdate(0, Window));
            while (await FrameReader.ReadAsync(socket) is { } frame)
            {
                if (frame.Type == FrameType.Settings && !frame.Has(FrameFlags.Ack))
                {
                    await SendAsync(socket, Frame.SettingsAck());
                }

                received.Take(frame);
                if (frame.Type is FrameType.Headers or FrameType.Data)
                {
                    await TakeAsync(socket, frame, received.Stream(frame.StreamId));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side left, or the test did.
        }
    }

    private async Task TakeAsync(Socket socket, Frame frame, StreamState stream)
    {
        if (frame.Type == FrameType.Headers)
        {
            _streams.Enqueue(stream);
        }

        if (stream.Reset is not null)
        {
            return;
        }

        if (_refusals > 0 && stream.Body.Length >= _refuseAfter)
        {
            _refusals--;
            stream.Reset = ErrorCode.RefusedStream;
            await SendAsync(socket, Frame.Reset(frame.StreamId, ErrorCode.RefusedStream));
        }
        else if (stream.Ended)
        {
            await SendAsync(socket, Answer is null
                ? [Frame.Headers(frame.StreamId, (":status", "200"))]
                : [Frame.OpenHeaders(frame.StreamId, Answer), Frame.Data(frame.StreamId, "ab", end: true)]);
        }
    }

    private static Task<int> SendAsync(Socket socket, params Frame[] frames) =>
        socket.SendAsync(frames.SelectMany(f => f.ToBytes()).ToArray());
}
