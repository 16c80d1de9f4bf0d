using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.Simulation;

/// <summary>For any sequence of what can happen to a pool: only allowed backends are picked, and all counters return to
/// zero.</summary>
public sealed class RandomWalkTests
{
    public static TheoryData<string> Names => [.. Enum.GetNames<StrategyName>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhateverHappens_OnlyAllowedBackendsArePicked(string name)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            Walk(Enum.Parse<StrategyName>(name), new Random(seed), $"{name}, seed {seed}");
        }
    }

    private static void Walk(StrategyName name, Random random, string which)
    {
        var time = new SimulatedTime();
        var backends = Enumerable.Range(0, random.Next(1, 9)).Select(i =>
            Sample.BackendOptions($"http://10.0.0.{i}:80", random.Next(1, 5)) with { IsBackup = random.Next(4) == 0 });
        var options = Sample.PoolOptions([.. backends]) with
        {
            Strategy = name,
            SlowStart = TimeSpan.FromSeconds(random.Next(2) * 10),
        };
        var strategy = Strategies.Create(options, time);
        var world = Sample.World(strategy, options, time);
        world.BeginServing();
        var inFlight = new List<Backend>();
        for (var step = 0; step < 300; step++)
        {
            Happen(world, time, random);
            var pool = world.Current.DefaultPool;
            var picked = strategy.Pick(pool, new PickRequest(default, (ulong)random.NextInt64()));
            Assert.True(picked is null == (Allowed(pool).Length == 0), which);
            Assert.True(picked is null || Allowed(pool).Contains(picked), which);
            if (picked?.TryBegin() == true)
            {
                inFlight.Add(picked);
            }

            if (inFlight.Count > random.Next(20))
            {
                var ended = inFlight[random.Next(inFlight.Count)];
                inFlight.Remove(ended);
                ended.End(sent: true, failed: false);
                strategy.Observe(ended, TimeSpan.FromMilliseconds(random.Next(100)), (Verdict)random.Next(3));
            }

            Assert.Equal(inFlight.Count, pool.InFlight);
        }

        inFlight.ForEach(b => b.End(sent: true, failed: false));
        Assert.Equal(0, world.Current.DefaultPool.InFlight);
    }

    // Said a second time, in other words than the program's.
    private static Backend[] Allowed(PoolSnapshot pool)
    {
        var wanted = pool.All.Where(b => pool[b].Mode == BackendMode.Enabled && !pool[b].IsCircuitOpen).ToArray();
        var usable = wanted.Where(b => pool[b].IsUp && pool[b].Ejection is null).ToArray();
        return usable.Any(b => !b.IsBackup) ? [.. usable.Where(b => !b.IsBackup)]
            : usable.Length > 0 ? usable
            : wanted;
    }

    private static void Happen(World world, SimulatedTime time, Random random)
    {
        var all = world.Current.DefaultPool.All;
        var backend = all[random.Next(all.Length)];
        var yes = random.Next(2) == 0;
        switch (random.Next(8))
        {
            case 0:
                world.SetUp(backend, yes);
                break;
            case 1:
                world.SetMode(backend, (BackendMode)random.Next(3));
                break;
            case 2:
                world.SetWeight(backend, random.Next(1, 257));
                break;
            case 3:
                world.Eject(backend, yes);
                break;
            case 4:
                world.Readmit(backend);
                break;
            case 5:
                world.SetCircuit(backend, yes);
                break;
            default:
                time.Now += TimeSpan.FromSeconds(random.NextDouble() * 5);
                world.Advance();
                break;
        }
    }
}
