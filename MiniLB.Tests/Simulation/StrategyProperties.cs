using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.Simulation;

/// <summary>What holds for every strategy whatever happens to its pool.</summary>
public sealed class StrategyProperties
{
    public static TheoryData<string> Names => [.. Enum.GetNames<StrategyName>()];

    [Theory]
    [MemberData(nameof(Names))]
    public void WhateverHappens_OnlyAllowedBackendsArePicked_AndAllCountsReturnToZero(string name) =>
        PoolCase.ForAll(PoolCase.Count(name), made =>
        {
            var walked = new WalkedPool(made, Enum.Parse<StrategyName>(name));
            var held = walked.Pool;
            var inFlight = new List<(Backend Backend, CircuitStage Began)>();
            foreach (var step in made.Steps)
            {
                walked.Happen(step);
                switch (step.What)
                {
                    case Happening.Look:
                        held = walked.Pool;
                        break;
                    case Happening.Begin:
                        Begin(walked, walked.Pool, step, inFlight);
                        break;
                    case Happening.BeginAgain:
                        Begin(walked, held, step, inFlight);
                        break;
                    case Happening.End or Happening.Fail or Happening.Leave when inFlight.Count > 0:
                        End(walked, step, inFlight);
                        break;
                }

                Assert.Equal(inFlight.Count, walked.Pool.InFlight);
            }

            inFlight.ForEach(r => walked.End(r.Backend, r.Began, Verdict.Neutral));
            Assert.All(walked.All, b => Assert.Equal(0, b.InFlight));
        });

    [Fact]
    public void WhateverHappened_ARoundOfRoundRobin_GivesEachItsShare() => PoolCase.ForAll(200, made =>
    {
        var walked = new WalkedPool(made, StrategyName.RoundRobin);
        Array.ForEach(made.Steps, walked.Happen);
        var pool = walked.Pool;
        if (pool.Candidates.Length == 0)
        {
            return;
        }

        var round = ((WeightedTurns)pool.Plan!).Length;
        walked.Strategy.Pick(pool, default); // from anywhere in a round
        var picks = new int[pool.All.Length];
        for (var i = 0; i < 2 * round; i++)
        {
            picks[walked.Strategy.Pick(pool, default)!.Index]++;
        }

        var all = pool.Candidates.Sum(b => pool[b].Share);
        Assert.All(pool.Candidates, b => Assert.Equal(2L * round * pool[b].Share, (long)picks[b.Index] * all));
    });

    // Nothing is begun at a backend that was taken out since the snapshot was read.
    private static void Begin(
        WalkedPool walked, PoolSnapshot pool, Step step, List<(Backend Backend, CircuitStage Began)> inFlight)
    {
        var allowed = WalkedPool.Allowed(pool);
        var picked = walked.Strategy.Pick(pool, new PickRequest(default, (ulong)step.Value * 0x9E3779B97F4A7C15));
        Assert.True(picked is null ? allowed.Length == 0 : allowed.Contains(picked), $"picked {picked?.Url}");
        if (picked?.TryBegin() == true)
        {
            Assert.Equal(BackendMode.Enabled, picked.Mode);
            Assert.NotEqual(CircuitState.Open, picked.Circuit!.State);
            inFlight.Add((picked, picked.Circuit.Stage));
        }
    }

    private static void End(WalkedPool walked, Step step, List<(Backend Backend, CircuitStage Began)> inFlight)
    {
        var (backend, began) = inFlight[step.Who % inFlight.Count];
        inFlight.RemoveAt(step.Who % inFlight.Count);
        walked.End(backend, began, step.What switch
        {
            Happening.Fail => Verdict.Failure,
            Happening.End => Verdict.Success,
            _ => Verdict.Neutral,
        });
    }
}
