using System.Globalization;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class RingTests
{
    [Fact]
    public void Entries_ComeOutInTheOrderInWhichTheyWentIn_RoundAfterRound()
    {
        var ring = new Ring<AccessLogEntry>(4);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(ring.TryAdd(Numbered(2 * i)));
            Assert.True(ring.TryAdd(Numbered((2 * i) + 1)));

            Assert.True(ring.TryTake(out var first));
            Assert.True(ring.TryTake(out var second));
            Assert.Equal((2 * i, (2 * i) + 1), (first.Status, second.Status));
        }
    }

    [Fact]
    public void FullRing_RefusesAndKeepsWhatItHas()
    {
        var ring = new Ring<AccessLogEntry>(4);

        Assert.Equal(
            [true, true, true, true, false, false], Enumerable.Range(0, 6).Select(i => ring.TryAdd(Numbered(i))));

        Assert.True(ring.TryTake(out var oldest));
        Assert.Equal(0, oldest.Status);
        Assert.True(ring.TryAdd(Numbered(9)));
        Assert.Equal([1, 2, 3, 9], TakeAll(ring).Select(e => e.Status));
    }

    [Fact]
    public void EmptyRing_SaysSoAndYieldsNothing()
    {
        var ring = new Ring<AccessLogEntry>(2);
        Assert.True(ring.IsEmpty);
        Assert.False(ring.TryTake(out _));

        ring.TryAdd(Numbered(1));
        Assert.False(ring.IsEmpty);

        ring.TryTake(out _);
        Assert.True(ring.IsEmpty);
    }

    [Fact]
    public void ManyProducersAndOneConsumer_LoseNothingAddNothingAndKeepEachProducersOrder()
    {
        const int Producers = 6;
        const int Each = 50_000;
        var ring = new Ring<AccessLogEntry>(64);
        var next = new int[Producers];
        var taken = 0;
        var producers = Enumerable.Range(0, Producers).Select(p => new Thread(() => Produce(ring, p, Each))).ToArray();
        Array.ForEach(producers, p => p.Start());

        var spin = default(SpinWait);
        while (taken < Producers * Each)
        {
            if (!ring.TryTake(out var entry))
            {
                spin.SpinOnce();
                continue;
            }

            var producer = int.Parse(entry.Method, CultureInfo.InvariantCulture);
            Assert.Equal(next[producer]++, entry.Status);
            taken++;
        }

        Array.ForEach(producers, p => p.Join());
        Assert.True(ring.IsEmpty);
        Assert.All(next, n => Assert.Equal(Each, n));
    }

    private static void Produce(Ring<AccessLogEntry> ring, int producer, int count)
    {
        var name = producer.ToString(CultureInfo.InvariantCulture);
        var spin = default(SpinWait);
        for (var i = 0; i < count; i++)
        {
            while (!ring.TryAdd(new AccessLogEntry { Method = name, Status = i }))
            {
                spin.SpinOnce();
            }
        }
    }

    private static AccessLogEntry Numbered(int number) => new() { Status = number };

    private static IEnumerable<AccessLogEntry> TakeAll(Ring<AccessLogEntry> ring)
    {
        while (ring.TryTake(out var entry))
        {
            yield return entry;
        }
    }
}
