using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class AccessLogTests
{
    private const int MoreThanFits = 20_000;

    [Fact]
    public void EveryEntry_IsALine_InOrder()
    {
        using var output = new MemoryStream();
        using (var log = new AccessLog(new CombinedAccessLogFormat(), output, NullLogger.Instance))
        {
            Add(log, 5_000);
        }

        var lines = Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(Enumerable.Range(0, 5_000), lines.Select(l => int.Parse(l.Split(' ')[6].AsSpan(1))));
    }

    [Fact]
    public async Task Entry_AddedWhileTheWriterSleeps_IsWrittenWithoutAnother()
    {
        using var output = new GatedStream();
        output.Open();
        using var log = new AccessLog(new CombinedAccessLogFormat(), output, NullLogger.Instance);
        for (var i = 1; i <= 3; i++)
        {
            Add(log, 1);
            var lines = i;
            await Eventually.True(() => output.Lines == lines, $"line {lines}");
        }
    }

    [Fact]
    public async Task BlockedOutput_NeverBlocksARequest_AndWhatDoesNotFitIsCounted()
    {
        using var output = new GatedStream();
        var log = new AccessLog(new CombinedAccessLogFormat(), output, NullLogger.Instance);

        await Task.Run(() => Add(log, MoreThanFits)).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(log.Dropped > 0);

        output.Open();
        log.Dispose();
        Assert.Equal(MoreThanFits, output.Lines + log.Dropped);
    }

    [Fact]
    public void BlockedOutput_DoesNotHoldUpTheEnd_AndEveryLineIsWrittenOrCounted()
    {
        using var output = new GatedStream();
        var log = new AccessLog(new CombinedAccessLogFormat(), output, NullLogger.Instance);
        Add(log, 100);
        var watch = Stopwatch.StartNew();

        log.Dispose();

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
        Assert.Equal(100, output.Lines + log.Dropped);
    }

    [Fact]
    public async Task FailingOutput_CostsItsLinesAndNoMore()
    {
        using var output = new GatedStream { Failure = new IOException("no space left on device") };
        output.Open();
        using var log = new AccessLog(new CombinedAccessLogFormat(), output, NullLogger.Instance);
        Add(log, 10);
        await Eventually.True(() => log.Dropped == 10, "ten lines dropped", () => $"{log.Dropped}");

        output.Failure = null;
        Add(log, 5);

        await Eventually.True(() => output.Lines == 5, "five lines written", () => $"{output.Lines}");
        Assert.Equal(10, log.Dropped);
    }

    [Fact]
    public async Task FailingOutput_IsSaidOnceWhenItBegins_AndOnceWhenItIsOver()
    {
        using var output = new GatedStream { Failure = new IOException("no space left on device") };
        output.Open();
        var (logger, dropped) = (new RecordedLog(), new LineCount());
        using var log = new AccessLog(new CombinedAccessLogFormat(), output, logger, dropped: dropped);
        for (var i = 1; i <= 3; i++)
        {
            var lines = i;
            Add(log, 1);
            await Eventually.True(() => dropped.Lines == lines, $"line {lines} is dropped");
        }

        output.Failure = null;
        Add(log, 1);

        await Eventually.True(() => logger.Lines.Count > 1, "the end is said");
        Assert.Equal(
            [
                "Warning access log: lines cannot be written and are dropped, while requests go on: "
                    + "no space left on device",
                "Information access log: lines are written again; 3 were dropped",
            ],
            logger.Lines);
    }

    [Fact]
    public void File_IsAppendedTo()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "before\n");
            using (var log = AccessLog.Open(Options(path), NullLogger.Instance))
            {
                Add(log!, 1);
            }

            Assert.Matches("^before\n203.0.113.7 - - .*\"curl/8\"\n$", File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task RenamedFile_KeepsWhatItHas_AndTheNextLineGoesToANewOne()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("access.log");
        using var log = AccessLog.Open(Options(path), NullLogger.Instance)!;
        Add(log, 1);
        await Eventually.True(() => File.ReadAllText(path).Length > 0, "the first line");

        File.Move(path, path + ".1");
        log.Reopen();
        await Eventually.True(() => File.Exists(path), "the new file");
        Add(log, 2);

        await Eventually.True(() => File.ReadAllLines(path).Length == 2, "two lines in the new file");
        Assert.Single(await File.ReadAllLinesAsync(path + ".1"));
    }

    [Fact]
    public async Task File_ThatCannotBeOpenedAgain_LeavesTheOldOneOpenAndIsSaid()
    {
        using var folder = new TemporaryFolder();
        var inner = Directory.CreateDirectory(folder.File("logs"));
        var moved = folder.File("moved");
        var logger = new RecordedLog();
        using var log = AccessLog.Open(Options(Path.Combine(inner.FullName, "a.log")), logger)!;

        Directory.Move(inner.FullName, moved);
        log.Reopen();
        await Eventually.True(() => logger.Lines.Count > 0, "the failure is said");
        Add(log, 3);

        await Eventually.True(
            () => File.ReadAllLines(Path.Combine(moved, "a.log")).Length == 3, "lines in the old file");
        Assert.Contains("a.log cannot be opened again", Assert.Single(logger.Lines), StringComparison.Ordinal);
        Assert.Equal(0, log.Dropped);
    }

    [Fact]
    public void Off_IsNone() =>
        Assert.Null(AccessLog.Open(new AccessLogOptions { Format = AccessLogFormat.Off }, NullLogger.Instance));

    [Fact]
    public void File_ThatCannotBeOpened_IsAnIOException() => Assert.ThrowsAny<IOException>(() => AccessLog.Open(
        new AccessLogOptions { Path = Path.Combine(Path.GetTempPath(), "minilb-no-such-folder", "a.log") },
        NullLogger.Instance));

    private static AccessLogOptions Options(string path) => new() { Format = AccessLogFormat.Combined, Path = path };

    private static void Add(AccessLog log, int count)
    {
        for (var i = 0; i < count; i++)
        {
            log.Add(Entries.One($"/{i}"));
        }
    }

    /// <summary>Blocks every write until it is opened; then counts lines, or fails.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _gate = new();
        private volatile int _lines;

        public volatile IOException? Failure;

        public int Lines => _lines;

        public void Open() => _gate.TrySetResult();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _gate.Task.GetAwaiter().GetResult();
            if (Failure is { } failure)
            {
                throw failure;
            }

            _lines += buffer.Count((byte)'\n');
        }

        protected override void Dispose(bool disposing)
        {
            Open();
            base.Dispose(disposing);
        }
    }
}
