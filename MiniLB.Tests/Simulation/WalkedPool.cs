using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.Simulation;

/// <summary>A pool to which things happen, without requests.</summary>
internal sealed class WalkedPool
{
    public WalkedPool(PoolCase made, StrategyName name, int maxInFlight = 0)
    {
        var options = made.Options(name, maxInFlight);
        Strategy = Strategies.Create(options, Time);
        World = Sample.World(Strategy, options, Time);
        World.BeginServing();
    }

    public SimulatedTime Time { get; } = new();

    public BalanceStrategy Strategy { get; }

    public World World { get; }

    public PoolSnapshot Pool => World.Current.DefaultPool;

    public Backend[] All => Pool.All;

    /// <summary>Those that may be given a request; said a second time, in other words than the program's.</summary>
    public static Backend[] Allowed(PoolSnapshot pool)
    {
        var wanted = pool.All.Where(b => pool[b].Mode == BackendMode.Enabled && !pool[b].IsCircuitOpen).ToArray();
        var usable = wanted.Where(b => pool[b].IsUp && pool[b].Ejection is null).ToArray();
        return usable.Any(b => !b.IsBackup) ? [.. usable.Where(b => !b.IsBackup)]
            : usable.Length > 0 ? usable
            : wanted;
    }

    /// <summary>What changes the pool; nothing where the step is about requests.</summary>
    public void Happen(Step step)
    {
        var backend = All[step.Who % All.Length];
        switch (step.What)
        {
            case Happening.Up:
                World.SetUp(backend, up: true);
                break;
            case Happening.Down:
                World.SetUp(backend, up: false);
                break;
            case Happening.Mode:
                World.SetMode(backend, (BackendMode)(step.Value % 3));
                break;
            case Happening.Weight:
                World.SetWeight(backend, 1 + (step.Value % 256));
                break;
            case Happening.Eject:
                Eject(backend, step.Value % 2 == 0);
                break;
            case Happening.Readmit when Pool[backend].Ejection is { } ejection:
                World.Readmit(backend, ejection);
                break;
            case Happening.Time:
                Pass(TimeSpan.FromMilliseconds(step.Value * 12));
                break;
        }
    }

    public void End(Backend backend, CircuitStage began, Verdict verdict)
    {
        backend.End(sent: true, failed: verdict == Verdict.Failure);
        if (backend.Circuit!.End(verdict, began) != CircuitChange.None)
        {
            World.FollowCircuit(backend);
        }

        Strategy.Observe(backend, TimeSpan.FromMilliseconds(5), verdict);
        // Whoever is late with what it saw changes nothing.
        Assert.False(World.FollowCircuit(backend));
    }

    private void Eject(Backend backend, bool couldNotConnect)
    {
        var before = Pool;
        var isOut = World.Eject(backend, couldNotConnect) is not null;
        Assert.True(!isOut || Allowed(Pool).Any(b => before[b].IsAvailable), "the last one was ejected");
        Assert.True(!isOut || Pool.Ejected * 2 <= All.Length, "more than half of the pool are ejected");
    }

    // As the rotation loop does.
    private void Pass(TimeSpan time)
    {
        Time.Now += time;
        foreach (var backend in All)
        {
            if (backend.Circuit!.TryHalfOpen())
            {
                World.FollowCircuit(backend);
            }

            World.Advance(backend);
        }
    }
}
