using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class PeakEwmaStrategyTests
{
    private readonly Random _random = new(1);
    private readonly FakeTimeProvider _time = new();
    private readonly PeakEwmaStrategy _strategy;

    public PeakEwmaStrategyTests() => _strategy = new PeakEwmaStrategy(_random, _time);

    /// <summary>Five equal backends, one of them slow for a while; then all are equal again.</summary>
    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.1, 0.5)]
    [InlineData(0.1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 0.5)]
    [InlineData(1, 1)]
    [InlineData(50, 0)]
    [InlineData(50, 0.5)]
    [InlineData(50, 1)]
    public void BackendThatWasSlow_GetsItsPartAgain_AndWaitsForNoneTooLong(double millisecondsApart, double jitter)
    {
        const int Backends = 5;
        var apart = TimeSpan.FromMilliseconds(millisecondsApart);
        var simulation = Simulation(1, 1, 1, 1, 1);
        simulation.Takes = i => Jittered(i == 2 ? 1_000 : 5, jitter);
        var slow = simulation.Run(5_000, apart);
        Assert.InRange(slow.Count(i => i == 2), 1, 500);
        simulation.Settle();

        simulation.Takes = _ => Jittered(5, jitter);
        var picked = simulation.Run(10_000, apart);

        Assert.All(Enumerable.Range(0, Backends), i =>
        {
            Assert.InRange(picked.Count(p => p == i), 500, 10_000);
            Assert.InRange(LongestWait(picked, i), 1, 20 * Backends);
        });
    }

    [Fact]
    public void FasterBackend_GetsMostRequests()
    {
        var simulation = Simulation(1, 1, 1);
        simulation.Takes = i => TimeSpan.FromMilliseconds(i == 1 ? 5 : 50);

        var picked = simulation.Run(10_000, TimeSpan.FromMilliseconds(1));

        Assert.InRange(picked.Count(p => p == 1), 6_000, 8_500);
        Assert.All([0, 2], i => Assert.InRange(picked.Count(p => p == i), 500, 10_000));
    }

    [Fact]
    public void EqualBackends_ShareEvenly_WithinATenth()
    {
        var picked = Simulation(1, 1, 1, 1).Run(10_000, TimeSpan.FromMilliseconds(1));

        Assert.All(Enumerable.Range(0, 4), i => Assert.InRange(picked.Count(p => p == i), 2_250, 2_750));
    }

    [Fact]
    public void BusyBackends_ShareByTheirWeights_WithinATenth()
    {
        // 100 in flight at any time.
        var simulation = Simulation(3, 1);
        simulation.Takes = _ => TimeSpan.FromMilliseconds(100);

        var picked = simulation.Run(10_000, TimeSpan.FromMilliseconds(1));

        Assert.InRange(picked.Count(p => p == 0), 6_750, 8_250);
    }

    /// <summary>It refuses in a tenth of a millisecond what the others answer in 5.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void BackendThatFailsFast_DoesNotLookFast(int millisecondsApart)
    {
        var simulation = Simulation(1, 1, 1);
        simulation.Takes = i => TimeSpan.FromMilliseconds(i == 1 ? 0.1 : 5);
        simulation.Verdicts = i => i == 1 ? Verdict.Failure : Verdict.Success;

        var picked = simulation.Run(1_000, TimeSpan.FromMilliseconds(millisecondsApart));

        Assert.InRange(picked.Count(p => p == 1), 1, 50);
    }

    [Fact]
    public void BackendThatFailsFast_AmongVerySlowOnes_LooksSlowerWithEachFailure()
    {
        var backend = Sample.Backend();
        foreach (var seconds in (double[])[1, 2, 4, 8, 16, 32, 60, 60])
        {
            _strategy.Observe(backend, TimeSpan.FromMilliseconds(0.1), Verdict.Failure);
            Assert.Equal(seconds, backend.Latency.Seconds(0), 3);
        }
    }

    [Fact]
    public void AttemptThatSaysNothing_IsNotLearntFrom()
    {
        var backend = Sample.Backend();

        _strategy.Observe(backend, TimeSpan.FromSeconds(3), Verdict.Neutral);

        Assert.Equal(0, backend.Latency.Seconds(0));
    }

    [Fact]
    public void HerdAtTheStart_IsSpreadEvenly()
    {
        var loads = _strategy.Begin(_strategy.Pool(1, 1, 1), 300);

        Assert.All(loads, l => Assert.InRange(l, 95, 105));
    }

    [Fact]
    public void BackendThatReturns_HasOneTrial_AndItsPartOnceThatIsAnswered()
    {
        var pool = _strategy.Pool(1, 1, 1);
        foreach (var backend in pool.All[..2])
        {
            _strategy.Observe(backend, TimeSpan.FromMilliseconds(5), Verdict.Success);
        }

        // Beside the trial, it gets what none is refused: one in 30 here.
        Assert.InRange(_strategy.Begin(pool, 200)[2], 1, 7);

        _strategy.Observe(pool.All[2], TimeSpan.FromMilliseconds(5), Verdict.Success);

        Assert.InRange(_strategy.Begin(pool, 100)[2], 60, 100);
    }

    private PickSimulation Simulation(params int[] weights) => new(_strategy, _time, Sample.World(_strategy, weights));

    /// <param name="milliseconds">The mean.</param>
    /// <param name="jitter">0 for none, 1 for exponential, between them for as much more or less.</param>
    private TimeSpan Jittered(double milliseconds, double jitter) => TimeSpan.FromMilliseconds(jitter >= 1
        ? milliseconds * -Math.Log(1 - _random.NextDouble())
        : milliseconds * (1 + (jitter * ((2 * _random.NextDouble()) - 1))));

    private static int LongestWait(int[] picked, int backend)
    {
        var (longest, since) = (0, 0);
        foreach (var index in picked)
        {
            since = index == backend ? 0 : since + 1;
            longest = Math.Max(longest, since);
        }

        return longest;
    }
}
