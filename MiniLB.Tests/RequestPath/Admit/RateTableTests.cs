using System.Runtime.InteropServices;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class RateTableTests
{
    private static readonly CellRateRules Rules = new(Interval: 1_000, Burst: 5);
    private static readonly SipHash Hash = new(1, 2);

    [Fact]
    public void EachKey_HasAnAllowanceOfItsOwn()
    {
        var table = new RateTable(1_000);
        for (var key = 0; key < 500; key++)
        {
            Assert.Equal(5, Passed(table, KeyOf(key), times: 20, now: 1));
        }
    }

    [Fact]
    public void KeysAtOnce_AsManyAsItIsMadeFor_KeepTheirPlacesButForOneInAHundred()
    {
        const int keys = 100_000;
        var table = new RateTable(keys);
        for (var key = 0; key < keys; key++)
        {
            Passed(table, KeyOf(key), times: 5, now: 1);
        }

        // From the last to the first: what is forgotten takes the place of one that was looked at already.
        var forgotten = Enumerable.Range(0, keys).Reverse().Count(key => Passed(table, KeyOf(key), times: 1, now: 1) > 0);

        Assert.InRange(forgotten, 0, keys / 100);
    }

    [Fact]
    public void Flood_OfNewKeys_RefusesNobodyAndTakesNoMemory()
    {
        var table = new RateTable(1_000);
        var before = table.Bytes;
        var now = 1L;

        var allocated = Allocated.By(() =>
        {
            for (var key = 0; key < 1_000_000; key++)
            {
                if (!table.Passes(KeyOf(key), now, Rules, out _))
                {
                    throw new InvalidOperationException($"key {key} is new and was refused");
                }
            }

            now += 1_000_000;
        });

        Assert.Equal(0, allocated);
        Assert.Equal((32_000, before), (before, table.Bytes));
    }

    [Fact]
    public void KeyAtItsLimit_OutlastsAFloodOfKeysThatComeOnce()
    {
        var table = new RateTable(1_000);
        Passed(table, KeyOf(-1), times: 5, now: 1);

        for (var key = 0; key < 100_000; key++)
        {
            table.Passes(KeyOf(key), 1, Rules, out _);
        }

        Assert.Equal(0, Passed(table, KeyOf(-1), times: 1, now: 1));
    }

    [Fact]
    public void FullSet_GivesUpTheKeyThatIsDueFirst()
    {
        // One set of eight.
        var table = new RateTable(4);
        for (var key = 0; key < 8; key++)
        {
            Passed(table, KeyOf(key), times: key == 3 ? 1 : 5, now: 1);
        }

        Assert.Equal(5, Passed(table, KeyOf(8), times: 6, now: 1));

        int[] others = [0, 1, 2, 4, 5, 6, 7, 8];
        Assert.All(others, key => Assert.Equal(0, Passed(table, KeyOf(key), times: 1, now: 1)));
        Assert.Equal(5, Passed(table, KeyOf(3), times: 6, now: 1));
    }

    [Fact]
    public void EntryOfAKeyThatIsWholeAgain_IsTakenWithoutALoss()
    {
        var table = new RateTable(4);
        for (var key = 0; key < 7; key++)
        {
            Passed(table, KeyOf(key), times: 5, now: 10_000);
        }

        Passed(table, KeyOf(7), times: 5, now: 1);

        Assert.Equal(5, Passed(table, KeyOf(8), times: 6, now: 10_000));
        Assert.All(Enumerable.Range(0, 7), key => Assert.Equal(0, Passed(table, KeyOf(key), times: 1, now: 10_000)));
    }

    [Fact]
    public void Hash0_IsAKeyToo()
    {
        var table = new RateTable(1);

        Assert.Equal(5, Passed(table, 0, times: 10, now: 1));
    }

    [Fact]
    public async Task ManyThreadsWithOneKey_PassExactlyTheBurst()
    {
        for (var run = 0; run < 200; run++)
        {
            var table = new RateTable(16);
            using var together = new Barrier(4);
            var passed = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                together.SignalAndWait();
                return Passed(table, KeyOf(1), times: 10, now: 1);
            })));

            Assert.Equal(5, passed.Sum());
        }
    }

    [Fact]
    public async Task ManyThreadsWithManyKeys_PassTheBurstOfEach()
    {
        const int keys = 2_000;
        var table = new RateTable(keys * 8);
        var passed = new int[keys];

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < keys * 3; i++)
            {
                if (table.Passes(KeyOf(i % keys), 1, Rules, out long _))
                {
                    Interlocked.Increment(ref passed[i % keys]);
                }
            }
        })));

        Assert.All(passed, count => Assert.Equal(5, count));
    }

    private static int Passed(RateTable table, ulong key, int times, long now) =>
        Enumerable.Range(0, times).Count(_ => table.Passes(key, now, Rules, out long _));

    private static ulong KeyOf(int number) =>
        Hash.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in number)));
}
