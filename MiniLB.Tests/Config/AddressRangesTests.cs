using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class AddressRangesTests
{
    [Fact]
    public void AnyNumber_IsFound_WhereALookAtEachRangeFindsIt()
    {
        var random = new Random(3);
        for (var run = 0; run < 300; run++)
        {
            var ranges = Enumerable.Range(0, random.Next(0, 12)).Select(_ =>
            {
                var first = (uint)random.Next(0, 200);
                return (First: first, Last: first + (uint)random.Next(0, 30));
            }).ToArray();
            var set = new AddressRanges<uint>(ranges);

            Assert.Equal(ranges.Length == 0, set.IsEmpty);
            for (var number = 0u; number < 240; number++)
            {
                Assert.Equal(ranges.Any(r => r.First <= number && number <= r.Last), set.Contains(number));
            }
        }
    }

    [Fact]
    public void Ends_OfAllThereIs_AreFound()
    {
        var set = new AddressRanges<UInt128>([(UInt128.MaxValue, UInt128.MaxValue), (0, 0)]);

        Assert.True(set.Contains(0));
        Assert.True(set.Contains(UInt128.MaxValue));
        Assert.False(set.Contains(1));
        Assert.False(set.Contains(UInt128.MaxValue - 1));
    }
}
