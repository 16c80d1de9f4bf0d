using System.Diagnostics;
using MiniLB.Tests.Journeys.Exchanges;
using MiniLB.Tests.Journeys.Exchanges.Running;
using MiniLB.Tests.Journeys.Exchanges.Table;
using Xunit.Abstractions;

namespace MiniLB.Tests.Mutation;

/// <summary>Switching off any one check turns at least one exchange red, one that is green with the check on.</summary>
public sealed class MutationTests(OriginalBenches originals, ITestOutputHelper output) : IClassFixture<OriginalBenches>
{
    public static TheoryData<string> Names => [.. PlannedMutants.All.Select(m => m.ToString())];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task CheckSwitchedOff_TurnsAnExchangeRed(string name)
    {
        var planned = PlannedMutants.All.Single(m => m.ToString() == name);
        var watch = Stopwatch.StartNew();
        using var mutant = await Mutant.BuildAsync(planned.Type, planned.Method, planned.Replacement);
        await using var benches = new BenchSet(mutant.Assembly);
        foreach (var row in ExchangeTable.Of(planned.Topics).OrderBy(r => r.Bench))
        {
            if (!await benches.HoldsAsync(row) && await originals.Benches.HoldsAsync(row))
            {
                output.WriteLine($"{name}: red in {row} after {watch.ElapsedMilliseconds} ms");
                return;
            }
        }

        Assert.Fail($"{name} was noticed by no exchange of {string.Join(", ", planned.Topics)}");
    }

    [Fact]
    public async Task MutantOfNoMethod_IsRefused() => await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(
        () => Mutant.BuildAsync("HeaderRules", "IsNothing", Replacement.True));

    [Fact]
    public void PlannedMutants_AreEachPlannedOnce() =>
        Assert.Equal(PlannedMutants.All.Length, PlannedMutants.All.Select(m => m.ToString()).Distinct().Count());
}
