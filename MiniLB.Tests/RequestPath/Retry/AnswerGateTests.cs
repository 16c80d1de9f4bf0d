using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Retry;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class AnswerGateTests
{
    private readonly RetryBudget _budget = new(new RetryOptions());

    [Theory]
    [InlineData(503, true)]
    [InlineData(429, true)]
    [InlineData(502, false)]
    [InlineData(200, false)]
    public void Answer_IsRefused_WhereItsStatusIsListed(int status, bool refused)
    {
        var gate = Gate(Sample.Pool(1, 1), tried: 1, _budget);

        Assert.Equal(refused, gate.Refuses(status));
        Assert.Equal((refused, refused ? 1 : 0), (gate.HasTakenBudget, _budget.Used));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(70, 70)]
    public void LastAnswer_OfThemAll_IsTheClients(int backends, int tried)
    {
        var gate = Gate(Sample.Pool([.. Enumerable.Repeat(1, backends)]), tried, _budget);

        Assert.False(gate.Refuses(503));
        Assert.Equal((false, 0), (gate.HasTakenBudget, _budget.Used));
    }

    [Fact]
    public void Answer_WithoutABudgetForAnother_IsTheClients()
    {
        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => _budget.TryTake(0)));
        var gate = Gate(Sample.Pool(1, 1), tried: 1, _budget);

        Assert.False(gate.Refuses(503));
        Assert.Equal((false, 3), (gate.HasTakenBudget, _budget.Used));
    }

    [Fact]
    public void Request_ThatHoldsARetry_TakesNoOther()
    {
        var gate = Gate(Sample.Pool(1, 1, 1), tried: 2, budget: null);

        Assert.True(gate.Refuses(503));
        Assert.False(gate.HasTakenBudget);
    }

    [Fact]
    public void Answer_OfTheLastPrimary_IsRefused_WhereABackupWaits()
    {
        var options = Sample.PoolOptions(
            Sample.BackendOptions("http://a"), Sample.BackendOptions("http://b") with { IsBackup = true });
        var pool = Sample.World(new RoundRobinStrategy(), options).Current.DefaultPool;

        Assert.True(Gate(pool, tried: 1, _budget).Refuses(503));
        Assert.False(Gate(pool, tried: 2, _budget).Refuses(503));
    }

    private static AnswerGate Gate(PoolSnapshot pool, int tried, RetryBudget? budget)
    {
        Assert.True(StatusSet.TryParse("429,503", out var statuses));
        var given = pool.All[..tried].Aggregate(default(BackendSet), (set, backend) => set.With(backend));
        return new AnswerGate(statuses, pool, given, budget);
    }
}
