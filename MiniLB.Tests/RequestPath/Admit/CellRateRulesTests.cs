using MiniLB.Config.Options;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class CellRateRulesTests
{
    [Theory]
    [InlineData(100, 1, 10_000_000)]
    [InlineData(600, 60, 100_000_000)]
    [InlineData(1_000, 3_600, 3_600_000_000)]
    [InlineData(1, 3_600, 3_600_000_000_000)]
    [InlineData(1_000_000, 1, 1_000)]
    [InlineData(3, 1, 333_333_333)]
    public void Interval_IsTheTimeOfTheRateOverItsRequests(int requests, int seconds, long interval)
    {
        var limit = new RateLimitOptions { Rate = new Rate(requests, TimeSpan.FromSeconds(seconds)), Burst = 7 };

        Assert.Equal(new CellRateRules(interval, 7), CellRateRules.Of(limit, 1_000_000_000));
    }

    [Theory]
    // due, now: passes, next
    [InlineData(0, 1_000, true, 1_010)] // after a long quiet time
    [InlineData(1_010, 1_000, true, 1_020)]
    [InlineData(1_020, 1_000, true, 1_030)] // the last of the burst
    [InlineData(1_021, 1_000, false, 1_021)]
    [InlineData(1_030, 1_000, false, 1_030)]
    [InlineData(1_030, 1_009, false, 1_030)]
    [InlineData(1_030, 1_010, true, 1_040)] // exactly one is back
    public void Request_PassesWithinTheBurst(long due, long now, bool passes, long next)
    {
        var rules = new CellRateRules(10, 3);

        Assert.Equal(passes, rules.Passes(due, now, out var after));
        Assert.Equal(next, after);
    }

    [Theory]
    // ahead: left, until one more
    [InlineData(-50, 3, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(10, 2, 10)]
    [InlineData(11, 1, 1)]
    [InlineData(30, 0, 10)]
    [InlineData(21, 0, 1)]
    public void WhatIsLeft_AndWhenThereIsOneMore(long ahead, int left, long wait)
    {
        var rules = new CellRateRules(10, 3);

        Assert.Equal((left, wait), (rules.Left(ahead), rules.UntilOneMore(ahead)));
    }

    /// <summary>The model is a bucket of exact fractions: it holds burst, each request takes one, one comes back each
    /// interval.</summary>
    [Fact]
    public void AnySequence_PassesWhatABucketWouldPass()
    {
        var random = new Random(20260101);
        for (var run = 0; run < 2_000; run++)
        {
            var rules = new CellRateRules(random.Next(1, 50), random.Next(1, 20));
            var (due, now, filled) = (0L, 1_000L, 1_000L);
            decimal bucket = rules.Burst;
            for (var i = 0; i < 200; i++)
            {
                now += random.Next(4) == 0 ? random.Next(0, 400) : random.Next(0, 20);
                bucket = Math.Min(rules.Burst, bucket + ((decimal)(now - filled) / rules.Interval));
                filled = now;
                // A third of an interval is no exact decimal: what is within a billionth of one is one.
                var expected = bucket >= 1 - 1e-9m;
                bucket -= expected ? 1 : 0;

                var passes = rules.Passes(due, now, out due);

                Assert.Equal(expected, passes);
                Assert.Equal((int)Math.Floor(bucket + 1e-9m), rules.Left(due - now));
            }
        }
    }

    [Fact]
    public void WaitingAsLongAsIsSaid_LetsOneMorePass_AndNotWaitingDoesNot()
    {
        var random = new Random(7);
        for (var run = 0; run < 10_000; run++)
        {
            var rules = new CellRateRules(random.Next(1, 1_000), random.Next(1, 20));
            var (due, now) = (0L, 1_000L);
            while (rules.Passes(due, now, out due))
            {
                now += random.Next(0, (int)rules.Interval);
            }

            var wait = rules.UntilOneMore(due - now);

            Assert.False(rules.Passes(due, now + wait - 1, out _));
            Assert.True(rules.Passes(due, now + wait, out _));
        }
    }

    /// <summary>What RateLimit-Policy says: no more than the burst in any time in which it fills up.</summary>
    [Fact]
    public void WhoKeepsToTheBurstInEachWindow_IsNeverRefused()
    {
        var random = new Random(11);
        for (var run = 0; run < 500; run++)
        {
            var rules = new CellRateRules(random.Next(1, 50), random.Next(1, 20));
            var (due, now, sent) = (0L, 1_000L, new List<long>());
            for (var i = 0; i < 300; i++)
            {
                now += random.Next(3) == 0 ? random.Next(0, (int)rules.Whole) : 0;
                sent.RemoveAll(t => t <= now - rules.Whole);
                if (sent.Count < rules.Burst)
                {
                    sent.Add(now);
                    Assert.True(rules.Passes(due, now, out due));
                }
            }
        }
    }
}
