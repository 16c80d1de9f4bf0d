using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerOptions Options = new()
    {
        Enabled = true,
        FailureRatio = 0.5,
        MinRequests = 4,
        Window = TimeSpan.FromSeconds(10),
        OpenFor = TimeSpan.FromSeconds(10),
        Trials = 2,
    };

    private readonly FakeTimeProvider _clock = new();

    /// <summary>One letter of the trace for each event.</summary>
    /// <remarks>Events: s, f, n: a request begins and ends (success, failure, neutral). b: one begins; S, F, N: the
    /// oldest of those ends. t: the open time passes and the circuit is looked after. h: half of it passes, the same.
    /// w: the window passes. Trace: the state (C, O, H), or - where the request was not let through.</remarks>
    [Theory]
    [InlineData("sssss", "CCCCC")]
    [InlineData("fff", "CCC")]
    [InlineData("ffff", "CCCO")]
    [InlineData("ssff", "CCCO")]
    [InlineData("sssff", "CCCCC")]
    [InlineData("sssfff", "CCCCCO")]
    [InlineData("ffs", "CCC")]
    [InlineData("ffsss", "CCCCC")]
    [InlineData("nnnnfff", "CCCCCCC")]
    [InlineData("fffwf", "CCCCC")]
    [InlineData("fffwffff", "CCCCCCCO")]
    [InlineData("ffffsfn", "CCCO---")]
    [InlineData("ffffhs", "CCCOO-")]
    [InlineData("ffffhh", "CCCOOH")]
    [InlineData("fffft", "CCCOH")]
    [InlineData("tsst", "CCCC")]
    [InlineData("fffftss", "CCCOHHC")]
    [InlineData("fffftsf", "CCCOHHO")]
    [InlineData("ffffttf", "CCCOHHO")]
    [InlineData("fffftft", "CCCOHOH")]
    [InlineData("fffftnnnss", "CCCOHHHHHC")]
    [InlineData("fffftbbs", "CCCOHHH-")]
    [InlineData("fffftbbNs", "CCCOHHHHH")]
    [InlineData("fffftbbNbs", "CCCOHHHHH-")]
    [InlineData("fffftbsS", "CCCOHHHC")]
    [InlineData("fffftbss", "CCCOHHH-")]
    [InlineData("fffftbbSSs", "CCCOHHHHCC")]
    [InlineData("fffftbbFS", "CCCOHHHOO")]
    [InlineData("fffftssfff", "CCCOHHCCCC")]
    [InlineData("fffftssffff", "CCCOHHCCCCO")]
    public void Events_LeadFromStateToState(string events, string trace) => Assert.Equal(trace, Trace(events));

    /// <summary>What began in another state says nothing, and holds no trial.</summary>
    [Theory]
    [InlineData("bfffftFs", "CCCCOHHH")]
    [InlineData("bbfffftSSss", "CCCCCOHHHHC")]
    [InlineData("bfffftbbNs", "CCCCOHHHH-")]
    [InlineData("bbbbfffftssFFFF", "CCCCCCCOHHCCCCC")]
    [InlineData("fffftbbFtSbb", "CCCOHHHOHHHH")]
    [InlineData("fffftbbFtFsb", "CCCOHHHOHHHH")]
    public void Request_FromBeforeTheCircuitChanged_DoesNotCount(string events, string trace) =>
        Assert.Equal(trace, Trace(events));

    [Fact]
    public void Rotation_IsToldOnce_ThatItIsHalfOpen()
    {
        var circuit = Opened();

        Assert.False(circuit.TryHalfOpen());
        _clock.Advance(Options.OpenFor);

        Assert.True(circuit.TryHalfOpen());
        Assert.False(circuit.TryHalfOpen());
    }

    [Fact]
    public void ManyThreads_AtAHalfOpenCircuit_BeginExactlyItsTrials()
    {
        for (var round = 0; round < 200; round++)
        {
            var (circuit, began) = (HalfOpen(), 0);

            Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
            {
                if (TryBegin(circuit))
                {
                    Interlocked.Increment(ref began);
                }
            });

            Assert.Equal(Options.Trials, began);
        }
    }

    [Fact]
    public void ManyThreads_WhoseTrialsSayNothing_NeverHaveMoreThanAllowedAtOnce_AndLoseNone()
    {
        var circuit = HalfOpen();
        var (now, most, begun) = (0, 0, 0);

        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            if (!TryBegin(circuit))
            {
                return;
            }

            Interlocked.Increment(ref begun);
            var seen = Interlocked.Increment(ref now);
            for (var known = Volatile.Read(ref most); seen > known; known = Volatile.Read(ref most))
            {
                Interlocked.CompareExchange(ref most, seen, known);
            }

            Interlocked.Decrement(ref now);
            circuit.End(Verdict.Neutral, circuit.Stage);
        });

        Assert.InRange(most, 1, Options.Trials);
        Assert.InRange(begun, Options.Trials, 100_000);
        Assert.Equal("bb-", string.Concat(Enumerable.Range(0, 3).Select(_ => TryBegin(circuit) ? 'b' : '-')));
    }

    [Theory]
    [InlineData("Failure", "Opened")]
    [InlineData("Success", "Closed")]
    public void ManyTrials_ThatEndAtOnce_ChangeTheCircuitOnce(string verdict, string change)
    {
        for (var round = 0; round < 200; round++)
        {
            var (circuit, changes) = (HalfOpen(), 0);
            Assert.True(TryBegin(circuit) && TryBegin(circuit));
            var began = circuit.Stage;

            Parallel.For(0, 2, _ =>
            {
                var made = circuit.End(Enum.Parse<Verdict>(verdict), began);
                if (made == Enum.Parse<CircuitChange>(change))
                {
                    Interlocked.Increment(ref changes);
                }
            });

            Assert.Equal(1, changes);
        }
    }

    [Fact]
    public void ManyThreads_AtABackendWithBothLimits_LoseNoPlace()
    {
        var circuit = Opened();
        var backend = new Backend(Sample.BackendOptions("http://a") with { MaxInFlight = 2 }, 0) { Circuit = circuit };
        _clock.Advance(Options.OpenFor);
        circuit.TryHalfOpen();

        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, _ =>
        {
            if (backend.TryBegin())
            {
                Assert.InRange(backend.InFlight, 1, 2);
                circuit.End(Verdict.Neutral, circuit.Stage);
                backend.End(sent: true, failed: false);
            }
        });

        Assert.Equal(0, backend.InFlight);
        Assert.True(backend.TryBegin() && backend.TryBegin() && !backend.TryBegin());
        Assert.Equal(2, backend.InFlight);
    }

    private static bool TryBegin(CircuitBreaker circuit) => circuit.TryBegin(Sample.Backend(), ofSession: false);

    private CircuitBreaker Opened()
    {
        var circuit = new CircuitBreaker(Options, _clock);
        Trace("ffff", circuit);
        return circuit;
    }

    private CircuitBreaker HalfOpen()
    {
        var circuit = Opened();
        _clock.Advance(Options.OpenFor);
        Assert.True(circuit.TryHalfOpen());
        return circuit;
    }

    private string Trace(string events) => Trace(events, new CircuitBreaker(Options, _clock));

    private string Trace(string events, CircuitBreaker circuit)
    {
        var open = new Queue<CircuitStage>();
        return string.Concat(events.Select(e => Follow(circuit, e, open) ? circuit.State.ToString()[0] : '-'));
    }

    private bool Follow(CircuitBreaker circuit, char e, Queue<CircuitStage> open)
    {
        switch (e)
        {
            case 's' or 'f' or 'n' when TryBegin(circuit):
                circuit.End(VerdictOf(e), circuit.Stage);
                return true;
            case 'b' when TryBegin(circuit):
                open.Enqueue(circuit.Stage);
                return true;
            case 'S' or 'F' or 'N':
                circuit.End(VerdictOf(char.ToLowerInvariant(e)), open.Dequeue());
                return true;
            case 't' or 'h':
                _clock.Advance(e == 't' ? Options.OpenFor : Options.OpenFor / 2);
                circuit.TryHalfOpen();
                return true;
            case 'w':
                _clock.Advance(Options.Window);
                return true;
            default:
                return false;
        }
    }

    private static Verdict VerdictOf(char e) => e switch
    {
        's' => Verdict.Success,
        'f' => Verdict.Failure,
        _ => Verdict.Neutral,
    };
}
