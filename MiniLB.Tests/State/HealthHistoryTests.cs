using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class HealthHistoryTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Flip_IsRememberedWithItsTimeAndReason_AndNothingElseIs()
    {
        var world = World();
        var backend = world.Current.DefaultPool.All[1];
        var start = _clock.GetUtcNow();
        Assert.Equal((BackendState.Up, start), (backend.Counters.Health.State, backend.Counters.Health.Since));

        _clock.Advance(TimeSpan.FromSeconds(5));
        backend.Counters.Health.Reason = "status 500";
        world.SetUp(backend, up: false);
        world.SetWeight(backend, 7);
        world.SetUp(backend, up: false);

        var flip = Assert.Single(world.Statistics.Health.Flips);
        Assert.Equal(
            new HealthFlip(start.AddSeconds(5), "default", backend.Url, Up: false, "status 500"), flip);
        Assert.Equal((BackendState.Down, 1), (backend.Counters.Health.State, backend.Counters.Health.Flips));
        Assert.Equal(start.AddSeconds(5), backend.Counters.Health.Since);
    }

    [Fact]
    public void Drain_ChangesTheStateAndIsNoFlip()
    {
        var world = World();
        var backend = world.Current.DefaultPool.All[0];

        _clock.Advance(TimeSpan.FromSeconds(1));
        world.SetMode(backend, BackendMode.Draining);

        Assert.Empty(world.Statistics.Health.Flips);
        Assert.Equal(BackendState.Draining, backend.Counters.Health.State);
        Assert.Equal(_clock.GetUtcNow(), backend.Counters.Health.Since);
    }

    [Fact]
    public void Flips_AreBounded()
    {
        var world = World();

        for (var i = 0; i <= HealthHistory.MostFlips; i++)
        {
            world.SetUp(world.Current.DefaultPool.All[0], up: i % 2 == 1);
        }

        Assert.Equal(HealthHistory.MostFlips, world.Statistics.Health.Flips.Count);
    }

    [Theory]
    [InlineData(true, false, false, "Enabled", "Up")]
    [InlineData(false, true, true, "Enabled", "Down")]
    [InlineData(true, true, true, "Enabled", "Ejected")]
    [InlineData(true, false, true, "Enabled", "CircuitOpen")]
    [InlineData(false, true, true, "Draining", "Draining")]
    [InlineData(false, true, true, "Disabled", "Disabled")]
    public void State_IsOneWord(bool up, bool ejected, bool open, string mode, string state) =>
        Assert.Equal(Enum.Parse<BackendState>(state), BackendStates.Of(new BackendStatus(up, 1)
        {
            Ejection = ejected ? new Ejection(TimeSpan.Zero, CouldNotConnect: false) : null,
            IsCircuitOpen = open,
            Mode = Enum.Parse<BackendMode>(mode),
        }));

    [Fact]
    public void Word_OfEveryState_IsItsName() => Assert.All(
        Enum.GetValues<BackendState>(),
        s => Assert.Equal(s.ToString(), BackendStates.Word(s), ignoreCase: true));

    private World World() => Sample.World(
        new RoundRobinStrategy(),
        Sample.PoolOptions(Sample.BackendOptions("http://a"), Sample.BackendOptions("http://b")) with
        {
            Ejection = new EjectionOptions(),
        },
        _clock);
}
