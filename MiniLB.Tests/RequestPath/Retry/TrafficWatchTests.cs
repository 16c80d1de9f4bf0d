using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class TrafficWatchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RecordedLog _logger = new();
    private World _world = null!;
    private TrafficWatch _watch = null!;

    /// <summary>Letters: c could not connect, b broke, 5 a 503, 0 a 500, k served, l the client left before the
    /// answer.</summary>
    [Theory]
    [InlineData("bbbb", 0)]
    [InlineData("bbbbb", 1)]
    [InlineData("ccccc", 1)]
    [InlineData("55555", 1)]
    [InlineData("cb5cb", 1)]
    [InlineData("00000", 0)]
    [InlineData("bbbbkb", 0)]
    [InlineData("bbbbk0bbbbb", 1)]
    [InlineData("bbbb0bbbb", 0)]
    [InlineData("bblbb", 0)]
    [InlineData("bblbbb", 1)]
    [InlineData("lllll", 0)]
    [InlineData("bbbbbbbbbbbbbbb", 1)]
    public void FiveFailuresInARow_EjectOnce(string attempts, int ejections)
    {
        Watch(Pool(2));

        Attempt(0, attempts);

        Assert.Equal(ejections, _world.Current.DefaultPool.Ejected);
        Assert.Equal(ejections, _logger.Lines.Count);
    }

    [Theory]
    [InlineData("bbbbc", true, "connectFailed")]
    [InlineData("ccccb", true, "backendClosed")]
    [InlineData("cccc5", false, "503")]
    public void LastFailure_SaysHowItMayComeBack_AndIsNamed(string attempts, bool couldNotConnect, string word)
    {
        Watch(Pool(2));

        Attempt(0, attempts);

        Assert.Equal(new Ejection(TimeSpan.FromSeconds(10), couldNotConnect), Status(0).Ejection);
        Assert.Equal(
            $"Warning backend http://b0 is ejected for 10 s: 5 failures in a row, the last one {word}",
            Assert.Single(_logger.Lines));
    }

    [Fact]
    public void Backend_ThatMayNotBeEjected_IsOnceItMay()
    {
        Watch(Pool(2));
        Attempt(0, "bbbbb");
        Attempt(1, "bbbbb");
        Assert.Null(Status(1).Ejection);

        _world.Readmit(_world.Current.DefaultPool.All[0], Status(0).Ejection!);
        Attempt(1, "bbbb");
        Assert.Null(Status(1).Ejection);
        Attempt(1, "b");

        Assert.NotNull(Status(1).Ejection);
    }

    [Fact]
    public void Readmitted_HasFiveFailuresAnew_WhateverEndedWhileItWasOut()
    {
        Watch(Pool(2));
        Attempt(0, "bbbbb" + "bbbb");
        _world.Readmit(_world.Current.DefaultPool.All[0], Status(0).Ejection!);

        Attempt(0, "bbbb");
        Assert.Null(Status(0).Ejection);

        Attempt(0, "b");
        Assert.Equal(TimeSpan.FromSeconds(20), Status(0).Ejection!.Until);
    }

    [Fact]
    public void Ejection_SwitchedOff_EjectsNobody()
    {
        Watch(Pool(2) with { Ejection = new EjectionOptions { Enabled = false } });

        Attempt(0, "bbbbbbbbbb");

        Assert.Equal(0, _world.Current.DefaultPool.Ejected);
        Assert.Empty(_logger.Lines);
    }

    [Fact]
    public void Circuit_OpensAndCloses_InTheWorldAndInTheLog()
    {
        Watch(Pool(2) with
        {
            Ejection = new EjectionOptions { Enabled = false },
            CircuitBreaker = new CircuitBreakerOptions { Enabled = true, MinRequests = 4, Trials = 2 },
        });
        var backend = _world.Current.DefaultPool.All[0];

        Attempt(0, "0k0k0");
        Assert.True(Status(0).IsCircuitOpen);
        Assert.False(backend.TryBegin());
        Assert.Equal(0, backend.InFlight);

        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(backend.Circuit!.TryHalfOpen());
        _world.FollowCircuit(backend);
        Attempt(0, "kk");

        Assert.Equal(CircuitState.Closed, backend.Circuit.State);
        Assert.False(Status(0).IsCircuitOpen);
        Assert.Equal(
            [
                "Warning backend http://b0: its circuit is open for 10 s: too many requests fail, the last one 500",
                "Information backend http://b0: its circuit is closed again",
            ],
            _logger.Lines);
    }

    [Fact]
    public void Attempts_AreCounted()
    {
        Watch(Pool(2));

        Attempt(0, "cb50kl");

        var backend = _world.Current.DefaultPool.All[0];
        Assert.Equal((0, 5, 2), (backend.InFlight, backend.Sends, backend.Failures));
    }

    [Fact]
    public void ManyThreads_ThatFailAtOnce_EjectHalfAndSayEachOnce()
    {
        Watch(Pool(8));

        Parallel.For(0, 8 * 1_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => Attempt(i % 8, "b"));

        Assert.Equal(4, _world.Current.DefaultPool.Ejected);
        Assert.Equal(4, _logger.Lines.Distinct().Count());
        Assert.Equal(4, _logger.Lines.Count);
        Assert.Equal(0, _world.Current.DefaultPool.InFlight);
    }

    private BackendStatus Status(int backend) =>
        _world.Current.DefaultPool[_world.Current.DefaultPool.All[backend]];

    private static PoolOptions Pool(int backends) =>
        Sample.PoolOptions([.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://b{i}"))]);

    private void Watch(PoolOptions options)
    {
        _world = Sample.World(new RoundRobinStrategy(), options, _clock);
        _watch = new TrafficWatch(_world, options, _logger);
    }

    private void Attempt(int index, string letters)
    {
        var backend = _world.Current.DefaultPool.All[index];
        foreach (var letter in letters)
        {
            Assert.True(backend.TryBegin());
            var (error, status) = letter switch
            {
                'c' => (ForwardError.ConnectFailed, 0),
                'b' => (ForwardError.BackendClosed, 0),
                '5' => (ForwardError.None, 503),
                '0' => (ForwardError.None, 500),
                'l' => (ForwardError.ClientGone, 0),
                _ => (ForwardError.None, 200),
            };
            _watch.End(backend, error, status, backend.Circuit?.Stage);
        }
    }
}
