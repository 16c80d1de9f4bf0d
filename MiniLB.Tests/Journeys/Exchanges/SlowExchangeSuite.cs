using MiniLB.Tests.Journeys.Exchanges.Running;
using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges;

/// <summary>The rows that wait for a timeout, apart from the others so that they wait beside them.</summary>
public sealed class SlowExchangeSuite(ExchangeBenches benches) : IClassFixture<ExchangeBenches>
{
    public static TheoryData<string> Names => ExchangeTable.Names(r => r.Bench == BenchKind.Quick);

    [Theory]
    [MemberData(nameof(Names))]
    public Task SlowExchange_EndsInTime(string name) => benches.RunAsync(ExchangeTable.Named(name));
}
