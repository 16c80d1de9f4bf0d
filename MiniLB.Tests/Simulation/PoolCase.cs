using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Simulation;

/// <summary>A pool, and what happens to it; FsCheck makes them up and takes away what a failure does not need.</summary>
internal sealed record PoolCase(BackendCase[] Backends, bool StartsSlowly, Step[] Steps)
{
    private static readonly Gen<BackendCase> Backend = Gen.Choose(1, 4).Zip(
        Gen.Choose(0, 3), (weight, kind) => new BackendCase(weight, IsBackup: kind == 0));

    private static readonly Gen<Step> Step =
        from what in Gen.Elements(Enum.GetValues<Happening>())
        from who in Gen.Choose(0, 1_000)
        from value in Gen.Choose(0, 1_000)
        select new Step(what, who, value);

    private static readonly Gen<PoolCase> Any =
        from backends in Gen.Choose(1, 8).SelectMany(count => Backend.ArrayOf(count))
        from slowly in Gen.Elements(false, true)
        from steps in Gen.Choose(0, 200).SelectMany(count => Step.ArrayOf(count))
        select new PoolCase(backends, slowly, steps);

    /// <summary>How many fit into a second or so: a hash makes a table anew with each weight.</summary>
    public static int Count(string strategy) => strategy.EndsWith("Hash", StringComparison.Ordinal) ? 20 : 100;

    /// <summary>The same ones each time.</summary>
    public static void ForAll(int count, Action<PoolCase> holds) => Prop.ForAll(Arb.From(Any, Smaller), holds).Check(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(
            FSharpOption<Replay>.Some(new Replay(new Rnd(20_240_501, 7), null))));

    public PoolOptions Options(StrategyName strategy, int maxInFlight = 0) => Sample.PoolOptions(
        [.. Backends.Select((b, i) => Sample.BackendOptions($"http://10.0.0.{i}:80", b.Weight) with
        {
            IsBackup = b.IsBackup,
            MaxInFlight = maxInFlight,
        })]) with
    {
        Strategy = strategy,
        SlowStart = TimeSpan.FromSeconds(StartsSlowly ? 10 : 0),
        CircuitBreaker = new CircuitBreakerOptions { Enabled = true, MinRequests = 2, Trials = 2 },
        Queue = new QueueOptions { Size = 4, Timeout = TimeSpan.Zero },
    };

    public override string ToString() =>
        $"{string.Join<BackendCase>(' ', Backends)} {(StartsSlowly ? "slowly" : "at once")}: {string.Join(' ', Steps)}";

    // Large parts first, then one step after the other.
    private static IEnumerable<PoolCase> Smaller(PoolCase pool)
    {
        for (var part = pool.Steps.Length / 2; part > 0; part /= 2)
        {
            for (var start = 0; start < pool.Steps.Length; start += part)
            {
                yield return pool with
                {
                    Steps = [.. pool.Steps.Where((_, i) => i < start || i >= start + part)],
                };
            }
        }

        if (pool.Backends.Length > 1)
        {
            yield return pool with { Backends = pool.Backends[..^1] };
        }
    }
}

/// <summary>A backend of a made-up pool.</summary>
internal sealed record BackendCase(int Weight, bool IsBackup)
{
    public override string ToString() => $"{(IsBackup ? "backup" : "backend")}({Weight})";
}

/// <summary>Something that happens to a pool.</summary>
/// <param name="What">What it is.</param>
/// <param name="Who">To which backend or request, modulo how many there are.</param>
/// <param name="Value">What else it needs to know.</param>
internal readonly record struct Step(Happening What, int Who, int Value)
{
    public override string ToString() => $"{What}({Who},{Value})";
}

/// <summary>What can happen to a pool.</summary>
internal enum Happening
{
    Up,
    Down,
    Mode,
    Weight,
    Eject,
    Readmit,
    Time,
    Look,
    Begin,
    BeginAgain,
    End,
    Fail,
    Leave,
}
