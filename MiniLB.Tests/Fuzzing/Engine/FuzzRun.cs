using System.Diagnostics;
using MiniLB.Tests.Fuzzing.Grammar;
using MiniLB.Tests.Fuzzing.Oracle;
using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Engine;

/// <summary>One run: starts the program and two backends, replays the corpus, fuzzes until the time is over, and looks
/// at what is left.</summary>
internal sealed class FuzzRun : IAsyncDisposable
{
    // Cases that wait for a timeout cost no processor time; they run beside the others.
    private const int MostSlowCases = 48;
    private const int NormalRequests = 64;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly FuzzSettings _settings;
    private readonly string? _assembly;
    private readonly Findings _findings = new();
    private readonly LiveCases _cases;
    private readonly FuzzBackend[] _backends;
    private readonly FuzzReport _report;
    private readonly SemaphoreSlim _slow = new(MostSlowCases);
    private readonly Stopwatch _watch = new();
    private FuzzedProgram? _program;
    private long _next = -1;

    /// <param name="settings">How long, from where.</param>
    /// <param name="assembly">A mutant to run in place of the program.</param>
    public FuzzRun(FuzzSettings settings, string? assembly = null)
    {
        (_settings, _assembly) = (settings, assembly);
        _cases = new LiveCases(_findings);
        _backends = [new FuzzBackend(_cases, _findings), new FuzzBackend(_cases, _findings)];
        _report = new FuzzReport(settings, _findings);
    }

    private bool IsOver => _watch.Elapsed > _settings.Duration || _program!.HasExited
        || (_settings.StopsAtFirstFinding && _findings.Any);

    public async Task<FuzzReport> RunAsync(IReadOnlyList<FuzzCase> corpus)
    {
        _program = await FuzzedProgram.StartAsync(_backends.Select(b => b.Url), _assembly);
        await ServeNormallyAsync();
        _program.NoteStart();
        _watch.Start();
        var looking = LookAsync();
        await Parallel.ForEachAsync(corpus, Options(), async (fuzzCase, _) => await RunCaseAsync(fuzzCase));
        await Task.WhenAll(Enumerable.Range(0, _settings.Connections).Select(_ => Task.Run(FuzzAsync)));
        _report.Elapsed = _watch.Elapsed;
        await looking;
        if (!_settings.StopsAtFirstFinding)
        {
            await WaitForSlowCasesAsync();
            await FinishAsync();
        }

        return _report;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }

        if (_program is not null)
        {
            await _program.DisposeAsync();
        }

        _slow.Dispose();
    }

    private ParallelOptions Options() => new() { MaxDegreeOfParallelism = _settings.Connections };

    private async Task FuzzAsync()
    {
        while (!IsOver)
        {
            var number = _settings.OnlyCase ?? Interlocked.Increment(ref _next);
            await RunCaseAsync(CaseGenerator.Create(_settings.Seed, number));
        }
    }

    private async Task RunCaseAsync(FuzzCase fuzzCase)
    {
        var live = _cases.Begin(fuzzCase);
        if (!live.IsSlow)
        {
            await RunAsync(live);
            return;
        }

        if (await _slow.WaitAsync(0))
        {
            _ = Task.Run(async () =>
            {
                await RunAsync(live);
                _slow.Release();
            });
        }
    }

    private async Task RunAsync(LiveCase live)
    {
        try
        {
            using var client = new FuzzClient(live, _program!.Address);
            await client.RunAsync();
        }
        catch (System.Net.Sockets.SocketException e) when (!IsOver)
        {
            live.Report("no connection to the program", e.Message);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The program has ended, which is reported once.
        }

        _report.Count(live);
        _cases.End(live);
    }

    private async Task WaitForSlowCasesAsync()
    {
        for (var i = 0; i < MostSlowCases; i++)
        {
            await _slow.WaitAsync();
        }
    }

    private async Task LookAsync()
    {
        while (!IsOver)
        {
            _program!.JudgeAlive(_findings);
            await Task.Delay(BetweenLooks);
        }
    }

    private async Task FinishAsync()
    {
        if (!_program!.HasExited)
        {
            await ServeNormallyAsync();
            foreach (var backend in _backends)
            {
                await backend.CloseConnectionsAsync();
            }

            await _program.JudgeRestAsync(_findings);
            (_report.Descriptors, _report.Mebibytes) = (_program.Descriptors, _program.Mebibytes);
        }

        _program.JudgeAlive(_findings);
        if (!_program.HasExited)
        {
            await _program.JudgeStopAsync(_findings);
        }
    }

    /// <summary>Plain requests, each of which must be answered whole.</summary>
    private Task ServeNormallyAsync() => Parallel.ForAsync(
        0, NormalRequests, Options(), async (i, _) => await RunAsync(_cases.Begin(NormalCase.Create(i))));
}
