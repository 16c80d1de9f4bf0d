using System.Buffers;
using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Writes a line for each finished request from a thread of its own: a slow disk or pipe stalls no
/// request.</summary>
/// <remarks>What cannot be queued or written is dropped, counted, and said in the log.</remarks>
internal sealed class AccessLog : IDisposable
{
    private const int Capacity = 8192;
    private const int BatchBytes = 64 * 1024;
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(10);

    private readonly AccessLogRing _ring = new(Capacity);
    private readonly IAccessLogFormat _format;
    private readonly Stream _output;
    private readonly ILogger _logger;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _writer;

    // Written by whoever drops or reports: request threads and the writer.
    private long _dropped;

    // Lines in the write under way: set by the writer, read by Dispose.
    private int _writing;
    private long _reported;
    private long _lastReport = long.MinValue / 2;

    // 1 while the writer waits: set by it, cleared by the request that wakes it.
    private int _isAsleep;
    private volatile bool _isClosing;

    public AccessLog(IAccessLogFormat format, Stream output, ILogger logger)
    {
        (_format, _output, _logger) = (format, output, logger);
        _writer = new Thread(WriteLoop) { IsBackground = true, Name = "access log" };
        _writer.Start();
    }

    public long Dropped => Volatile.Read(ref _dropped);

    /// <returns>Null where the log is off.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static AccessLog? Open(AccessLogOptions options, ILogger logger)
    {
        if (options.Format == AccessLogFormat.Off)
        {
            return null;
        }

        IAccessLogFormat format = options.Format == AccessLogFormat.Json
            ? new JsonAccessLogFormat()
            : new CombinedAccessLogFormat();
        Stream output = options.Path == "stdout"
            ? new StandardOutput()
            : new FileStream(options.Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        return new AccessLog(format, output, logger);
    }

    public void Add(in AccessLogEntry entry)
    {
        if (!_ring.TryAdd(entry))
        {
            // The writer may be stuck: it is for the request to say so, into a log that does not wait either.
            Interlocked.Increment(ref _dropped);
            ReportNowAndThen();
        }
        else
        {
            WakeWriter();
        }
    }

    /// <summary>Writes what is queued, for at most two seconds, and ends the thread.</summary>
    public void Dispose()
    {
        _isClosing = true;
        _wake.Set();
        if (_writer.Join(LongestGoodbye))
        {
            _output.Dispose();
            _wake.Dispose();
        }
        else
        {
            // The process ends before they can be written.
            Interlocked.Add(ref _dropped, _ring.Count + Volatile.Read(ref _writing));
        }

        Report();
    }

    private void WakeWriter()
    {
        // The entry before the look at the flag; Sleep does it the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAsleep) == 1 && Interlocked.Exchange(ref _isAsleep, 0) == 1)
        {
            _wake.Set();
        }
    }

    private void WriteLoop()
    {
        var batch = new ArrayBufferWriter<byte>(BatchBytes);
        while (true)
        {
            var lines = 0;
            while (batch.WrittenCount < BatchBytes && _ring.TryTake(out var entry))
            {
                _format.Write(entry, batch);
                lines++;
            }

            if (lines > 0)
            {
                Write(batch, lines);
            }
            else if (_isClosing)
            {
                return;
            }
            else
            {
                Sleep();
            }

            ReportNowAndThen();
        }
    }

    private void Write(ArrayBufferWriter<byte> batch, int lines)
    {
        Volatile.Write(ref _writing, lines);
        try
        {
            _output.Write(batch.WrittenSpan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Interlocked.Add(ref _dropped, lines);
        }

        Volatile.Write(ref _writing, 0);
        batch.ResetWrittenCount();
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        if (_ring.IsEmpty && !_isClosing)
        {
            _wake.WaitOne();
        }

        Interlocked.Exchange(ref _isAsleep, 0);
        // More lines are about to come: one wake-up and one write serve them all.
        Thread.Sleep(_isClosing ? TimeSpan.Zero : BatchDelay);
    }

    private void ReportNowAndThen()
    {
        var last = Volatile.Read(ref _lastReport);
        var now = Environment.TickCount64;
        if (now - last >= BetweenReports.TotalMilliseconds && Dropped > Volatile.Read(ref _reported)
            && Interlocked.CompareExchange(ref _lastReport, now, last) == last)
        {
            Report();
        }
    }

    private void Report()
    {
        var dropped = Dropped;
        var lines = dropped - Interlocked.Exchange(ref _reported, dropped);
        if (lines > 0)
        {
            SummarizeLog.LinesDropped(_logger, lines, dropped);
        }
    }
}
