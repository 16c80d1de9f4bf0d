using MiniLB.Tests.Journeys.Exchanges.Table;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Exchanges;

/// <summary>The table itself: enough rows, each with a name of its own, a promise, and something that it can fail
/// by.</summary>
public sealed class ExchangeTableTests(ITestOutputHelper output)
{
    private const int Fewest = 150;

    [Fact]
    public void Table_HasEnoughRows()
    {
        foreach (var topic in ExchangeTable.Rows.GroupBy(r => r.Topic))
        {
            output.WriteLine($"| {topic.Key} | {topic.Count()} |");
        }

        output.WriteLine($"| all | {ExchangeTable.Rows.Length} |");
        Assert.True(ExchangeTable.Rows.Length >= Fewest, $"{ExchangeTable.Rows.Length} rows");
    }

    [Fact]
    public void Table_NamesEveryRowOnce() =>
        Assert.Equal(ExchangeTable.Rows.Length, ExchangeTable.Rows.Select(r => r.ToString()).Distinct().Count());

    [Fact]
    public void Rows_SayWhatTheyPromise() =>
        Assert.DoesNotContain(ExchangeTable.Rows, r => r.Promise.Length < 12 || r.Promise.EndsWith('.'));

    [Fact]
    public void Rows_WithoutAResponse_LookAtHowTheConnectionEnds() => Assert.DoesNotContain(
        ExchangeTable.Rows, r => r.Sees.Length == 0 && r.Then == Then.StaysOpen);
}
