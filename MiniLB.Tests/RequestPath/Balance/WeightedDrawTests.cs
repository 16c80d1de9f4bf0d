using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class WeightedDrawTests
{
    private const int Draws = 200_000;

    [Theory]
    [InlineData(1)]
    [InlineData(1, 1, 1)]
    [InlineData(5, 1, 1)]
    [InlineData(256, 1)]
    [InlineData(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]
    public void Draws_AreAsManyAsTheShareSays_WithinFourDeviations(params int[] weights)
    {
        var draw = new WeightedDraw(Sample.Pool(weights));
        var random = new Random(1);
        var counts = new int[weights.Length];

        for (var i = 0; i < Draws; i++)
        {
            counts[draw.Draw(random)]++;
        }

        AssertShares(weights, counts, Draws);
    }

    [Fact]
    public void Draws_OfThoseThatAreLeft_AreAsManyAsTheirSharesSay_WithinFourDeviations()
    {
        var pool = Sample.Pool(5, 4, 3, 2);
        var draw = new WeightedDraw(pool);
        var excluded = default(BackendSet).With(pool.All[0]);
        var random = new Random(1);
        var counts = new int[4];

        for (var i = 0; i < Draws; i++)
        {
            counts[draw.Draw(random, excluded, drawn: 2)]++;
        }

        AssertShares([0, 4, 0, 2], counts, Draws);
    }

    [Fact]
    public void NoneLeft_IsSaid()
    {
        var pool = Sample.Pool(1, 2);
        var draw = new WeightedDraw(pool);

        Assert.Equal(-1, draw.Draw(new Random(1), default(BackendSet).With(pool.All[0]), drawn: 1));
        Assert.Equal(-1, new WeightedDraw(Sample.Pool()).Draw(new Random(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue - 1)]
    public void ExtremesOfChance_StayInside(long bits)
    {
        foreach (int[] weights in (int[][])[[1], [1, 1, 1], [1, 256, 7]])
        {
            Assert.InRange(new WeightedDraw(Sample.Pool(weights)).Draw(new OneNumber(bits)), 0, weights.Length - 1);
        }
    }

    private static void AssertShares(int[] shares, int[] counts, int of)
    {
        for (var i = 0; i < shares.Length; i++)
        {
            Picks.AssertShare((int)((long)of * shares[i] / shares.Sum()), counts[i], of);
        }
    }

    private sealed class OneNumber(long number) : Random
    {
        public override long NextInt64() => number;
    }
}
