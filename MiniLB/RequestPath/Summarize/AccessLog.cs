using System.Buffers;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Writes a line for each finished request from a thread of its own: a slow disk or pipe stalls no
/// request.</summary>
/// <remarks>What cannot be queued or written is dropped, counted, and said in the log.</remarks>
internal sealed class AccessLog : IDisposable
{
    private const int BatchBytes = 64 * 1024;
    private static readonly TimeSpan BatchDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(10);

    private readonly Ring<AccessLogEntry> _ring = new(MemoryPlan.Current.LogLines);
    private readonly IAccessLogFormat _format;
    private readonly AccessLogOptions _options;
    private readonly LoggedFields? _requestFields;
    private readonly LoggedFields? _responseFields;
    private readonly ILogger _logger;

    // Not disposed of: somebody may be about to set it.
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _writer;

    private readonly LineCount _dropped;

    // Lines in the write under way: set by the writer, read by Dispose.
    private int _writing;
    // Written by whoever reports: request threads and the writer.
    private long _reported;
    private long _lastReport = long.MinValue / 2;

    // 1 while the writer waits: set by it, cleared by the request that wakes it.
    private int _isAsleep;
    private volatile bool _isClosing;

    // Set by whoever has renamed the file, cleared by the writer.
    private volatile bool _isRenamed;

    // The writer's own, until its thread has ended.
    private Stream _output;

    // The writer's own: what was dropped when writing began to fail; null while it does not.
    private long? _failingSince;

    /// <param name="format">How a line is written.</param>
    /// <param name="output">Where to; closed at the end.</param>
    /// <param name="logger">For what goes wrong.</param>
    /// <param name="options">Which requests are written, and what of their fields.</param>
    /// <param name="dropped">Counts what is not written.</param>
    public AccessLog(
        IAccessLogFormat format, Stream output, ILogger logger, AccessLogOptions? options = null,
        LineCount? dropped = null)
    {
        _dropped = dropped ?? new LineCount();
        _reported = _dropped.Lines;
        (_format, _output, _logger, _options) = (format, output, logger, options ?? new AccessLogOptions());
        _requestFields = LoggedFields.Of(_options.RequestHeaders);
        _responseFields = LoggedFields.Of(_options.ResponseHeaders);
        _writer = new Thread(WriteLoop) { IsBackground = true, Name = "access log" };
        _writer.Start();
    }

    public long Dropped => _dropped.Lines;

    /// <returns>Null where the log is off.</returns>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static AccessLog? Open(AccessLogOptions options, ILogger logger, LineCount? dropped = null)
    {
        if (options.Format == AccessLogFormat.Off)
        {
            return null;
        }

        IAccessLogFormat format = options.Format == AccessLogFormat.Json
            ? new JsonAccessLogFormat(options)
            : new CombinedAccessLogFormat();
        return new AccessLog(format, OpenOutput(options.Path), logger, options, dropped);
    }

    /// <summary>Says what has become of a request, unless the sample leaves it out.</summary>
    public void Write(Exchange exchange)
    {
        if (SampleRules.IsWritten(exchange, _options.Sample))
        {
            var entry = Summary.Of(exchange);
            entry.RequestHeaders = _requestFields?.Received(exchange.RequestFields);
            entry.ResponseHeaders = _responseFields?.Passed(exchange.AnsweredHead?.Fields);
            Add(entry);
        }
    }

    public void Add(in AccessLogEntry entry)
    {
        if (!_ring.TryAdd(entry))
        {
            // The writer may be stuck: it is for the request to say so, into a log that does not wait either.
            _dropped.Add(1);
            ReportNowAndThen();
        }
        else
        {
            WakeWriter();
        }
    }

    /// <summary>Opens the file anew, because it was renamed: on the writer's thread, between two lines.</summary>
    public void Reopen()
    {
        if (_options.Path != AccessLogOptions.Stdout)
        {
            _isRenamed = true;
            _wake.Set();
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
        }
        else
        {
            // The process ends before they can be written.
            _dropped.Add(_ring.Count + Volatile.Read(ref _writing));
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
            OpenAgainWhereRenamed();
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

            if (_failingSince is null)
            {
                ReportNowAndThen();
            }
        }
    }

    private void OpenAgainWhereRenamed()
    {
        if (!_isRenamed)
        {
            return;
        }

        _isRenamed = false;
        try
        {
            var renamed = _output;
            _output = OpenOutput(_options.Path);
            renamed.Dispose();
            SummarizeLog.Reopened(_logger, _options.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SummarizeLog.NotReopened(_logger, _options.Path, e.Message);
        }
    }

    private static LogOutput OpenOutput(string path) => path == AccessLogOptions.Stdout
        ? LogOutput.StandardOutput()
        : AppendedFile.Open(path);

    private void Write(ArrayBufferWriter<byte> batch, int lines)
    {
        Volatile.Write(ref _writing, lines);
        try
        {
            _output.Write(batch.WrittenSpan);
            SayThatItIsWrittenAgain();
        }
        catch (IOException e)
        {
            if (_failingSince is null)
            {
                _failingSince = Dropped;
                SummarizeLog.NotWritten(_logger, e.Message);
            }

            _dropped.Add((e as LinesLostException)?.Lines ?? lines);
        }

        Volatile.Write(ref _writing, 0);
        batch.ResetWrittenCount();
    }

    private void SayThatItIsWrittenAgain()
    {
        if (_failingSince is { } before)
        {
            _failingSince = null;
            Interlocked.Exchange(ref _reported, Dropped);
            SummarizeLog.WrittenAgain(_logger, Dropped - before);
        }
    }

    private void Sleep()
    {
        Interlocked.Exchange(ref _isAsleep, 1);
        if (_ring.IsEmpty && !_isClosing && !_isRenamed)
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
