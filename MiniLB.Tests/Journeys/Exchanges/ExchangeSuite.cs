using MiniLB.Tests.Journeys.Exchanges.Running;
using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges;

/// <summary>Every HTTP/1.1 exchange is passed on exactly, or refused: one test for each row of the table.</summary>
public sealed class ExchangeSuite(ExchangeBenches benches) : IClassFixture<ExchangeBenches>
{
    public static TheoryData<string> Names => ExchangeTable.Names(r => r.Bench != BenchKind.Quick);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Exchange_IsPassedOnExactlyOrRefused(string name) => benches.RunAsync(ExchangeTable.Named(name));
}
