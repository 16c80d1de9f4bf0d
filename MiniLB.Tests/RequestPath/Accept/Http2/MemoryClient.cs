using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using MiniLB.Config;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Accept.Http2;
using MiniLB.State;
using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Tests.Wire;
using FrameTask = MiniLB.Async.FrameTask;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

/// <summary>A client of HTTP/2 in memory, and the connection that serves it. All that a frame leads to has been done
/// when it has been sent, on the thread of the test.</summary>
internal sealed class MemoryClient
{
    private readonly TestConnection _connection;
    private readonly Func<Http2Exchange, ValueTask> _serve;
    private int _ended;

    /// <param name="serve">Answers a request; null to leave that to the test.</param>
    /// <param name="room">Bytes that the client holds before it takes them; 0 for all.</param>
    public MemoryClient(Func<Http2Exchange, ValueTask>? serve = null, int room = 0)
    {
        // The program has none either; that of the tests would let what goes on come later, on another thread.
        SynchronizationContext.SetSynchronizationContext(null);
        _serve = serve ?? (_ => default);
        _connection = new TestConnection(fromClient: Inline(0), toClient: Inline(room));
        var server = new Http2Server(Sample.World(1), new Lifecycle(), ServeAsync, RefuseAsync, Log);
        Running = server.RunAsync(_connection.Context, Client);
    }

    public ClientConnection Client => _connection.Client;

    /// <summary>Fires when the connection was broken off.</summary>
    public CancellationToken Closed => _connection.Context.ConnectionClosed;

    public RecordedLog<Http2Server> Log { get; } = new();

    /// <summary>The connection, until it is over.</summary>
    public Task Running { get; }

    /// <summary>The streams that were served, in their order; locked, as exchanges may be on any thread.</summary>
    public List<int> Served { get; } = [];

    /// <summary>Why streams were refused.</summary>
    public List<HeadRefusal> Refused { get; } = [];

    public int Ended => Volatile.Read(ref _ended);

    /// <summary>What has come, put together.</summary>
    public H2Received Received { get; } = new();

    /// <summary>Sends a preface and settings, and takes what that leads to.</summary>
    public MemoryClient Open(params (Setting Name, uint Value)[] settings)
    {
        Send(Frame.Preface);
        Send(Frame.Settings(settings), Frame.SettingsAck());
        Take();
        return this;
    }

    public void Send(params Frame[] frames) => Send(frames.SelectMany(f => f.ToBytes()).ToArray());

    public void Send(byte[] bytes) => _connection.Send(Encoding.Latin1.GetString(bytes));

    public void End() => _connection.End();

    public void StopReading() => _connection.StopReading();

    /// <summary>Ends what is sent, and waits for the connection.</summary>
    public Task EndAsync()
    {
        End();
        return Running.WaitAsync(TimeSpan.FromSeconds(60));
    }

    /// <summary>The frames that have come since the last time.</summary>
    public List<Frame> Take()
    {
        var frames = new List<Frame>();
        var bytes = Heads.Bytes(_connection.Answered());
        for (var at = 0; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)) >>> 8;
            var stream = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 5));
            var start = at + Frame.HeadLength;
            var payload = bytes[start..(start + length)];
            frames.Add(new Frame((FrameType)bytes[at + 3], (FrameFlags)bytes[at + 4], stream, payload));
            at = start + length;
        }

        frames.ForEach(Received.Take);
        return frames;
    }

    /// <summary>The same as text: kind, stream, and what else matters.</summary>
    public string TakeText() => string.Join(' ', Take().Select(Text));

    /// <summary>Writes a whole answer.</summary>
    public static async ValueTask AnswerAsync(Exchange exchange, string body, bool hasLength = true)
    {
        Start(exchange, hasLength ? $"Content-Length: {body.Length}" : "Transfer-Encoding: chunked");
        exchange.Write(Heads.Bytes(body));
        await exchange.CompleteAsync(trailers: null);
    }

    public static void Start(Exchange exchange, string field)
    {
        Heads.ReadAnswer($"HTTP/1.1 200 OK\r\nDate: now\r\n{field}\r\n\r\n", out var head);
        exchange.Start(head, closes: false);
    }

    private static PipeOptions Inline(int room) => new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: room,
        resumeWriterThreshold: room / 2, useSynchronizationContext: false);

    private static string Text(Frame frame) => frame.Type == FrameType.GoAway
        ? $"GoAway:{BinaryPrimitives.ReadInt32BigEndian(frame.Payload)}:"
            + $"{(ErrorCode)BinaryPrimitives.ReadInt32BigEndian(frame.Payload.AsSpan(4))}"
        : $"{frame.Type}:{frame.StreamId}{Rest(frame)}";

    private static string Rest(Frame frame) => frame.Type switch
    {
        FrameType.Data => $":{frame.Payload.Length}" + (frame.Has(FrameFlags.EndStream) ? ":end" : ""),
        FrameType.Headers => frame.Has(FrameFlags.EndStream) ? ":end" : "",
        FrameType.Reset => $":{(ErrorCode)BinaryPrimitives.ReadInt32BigEndian(frame.Payload)}",
        FrameType.WindowUpdate => $":{BinaryPrimitives.ReadInt32BigEndian(frame.Payload)}",
        FrameType.Settings or FrameType.Ping => frame.Has(FrameFlags.Ack) ? ":ack" : "",
        _ => "",
    };

    private async FrameTask ServeAsync(Exchange exchange)
    {
        lock (Served)
        {
            Served.Add(((Http2Exchange)exchange).Stream.Id);
        }

        try
        {
            await _serve((Http2Exchange)exchange);
        }
        finally
        {
            exchange.End();
            Interlocked.Increment(ref _ended);
        }
    }

    private FrameTask RefuseAsync(Exchange exchange, HeadRefusal refusal)
    {
        Refused.Add(refusal);
        lock (Served)
        {
            Served.Add(((Http2Exchange)exchange).Stream.Id);
        }

        exchange.Abort();
        exchange.End();
        Interlocked.Increment(ref _ended);
        return default;
    }
}
