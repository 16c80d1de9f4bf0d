using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class MaglevTableTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(100)]
    public void BackendTakenFromTheConfiguration_MovesItsOwnKeysAndHardlyAnyOther(int count)
    {
        var all = Backends(count);
        var before = new MaglevTable(all, Ones(count));
        var worst = 0.0;
        foreach (var gone in all.Take(10))
        {
            var left = Array.FindAll(all, b => b != gone);
            var after = new MaglevTable(left, Ones(count - 1));
            worst = Math.Max(worst, Places().Count(k => before[k] != after[k]) / (double)MaglevTable.Size);
        }

        Assert.InRange(worst, 0, (1.0 / count) + 0.01);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(256, 255, 1)]
    public void Places_AreSharedByWeight(params int[] weights)
    {
        var table = new MaglevTable(Backends(weights.Length), weights);

        var places = new int[weights.Length];
        foreach (var key in Places())
        {
            places[table[key].Index]++;
        }

        Assert.All(places.Select((p, i) => p - (MaglevTable.Size * (double)weights[i] / weights.Sum())),
            difference => Assert.InRange(difference, -2, 2));
    }

    [Fact]
    public void LightestOfManyHeavyOnes_OwnsSomething()
    {
        var all = Backends(1_000);

        var table = new MaglevTable(all, [.. all.Select(b => b.Index == 7 ? 1 : 256)]);

        Assert.Contains(Places(), k => table[k] == all[7]);
    }

    [Fact]
    public void OrderOfTheBackends_DoesNotMatter()
    {
        var all = Backends(20);
        Backend[] reversed = [.. all.Reverse()];

        var (one, other) = (new MaglevTable(all, Ones(20)), new MaglevTable(reversed, Ones(20)));

        Assert.All(Places(), k => Assert.Same(one[k], other[k]));
    }

    private static Backend[] Backends(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Sample.Backend($"http://10.0.{i / 250}.{i % 250}:8080", i))];

    private static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];

    private static IEnumerable<ulong> Places() => Enumerable.Range(0, MaglevTable.Size).Select(i => (ulong)i);
}
