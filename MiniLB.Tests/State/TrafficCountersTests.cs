using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class TrafficCountersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void AddedByManyThreads_NothingIsLost(int stripes)
    {
        const int threads = 8;
        const int each = 20_000;
        var counters = new TrafficCounters(stripes);

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            for (var i = 0; i < each; i++)
            {
                counters.Add(new Served(2, thread % MethodNames.Count, 10_000) { BytesIn = 1, BytesOut = 2 });
                counters.AddFailure(3, isFailure: i % 2 == 0);
            }
        });

        Assert.Equal(threads * each, counters.Count);
        Assert.Equal(each, counters.Of(2, 5));
        Assert.Equal(threads * each, counters.OfClass(2));
        Assert.Equal((threads * each, 2L * threads * each), (counters.BytesReceived, counters.BytesSent));
        Assert.Equal((threads * each, threads * each / 2), (counters.OfReason(3), counters.FailureCount));
        Assert.Equal(TimeSpan.FromMilliseconds(threads * each), counters.Duration);
        var buckets = new long[LatencyBuckets.Count];
        counters.AddBucketsTo(buckets);
        Assert.Equal(threads * each, buckets[LatencyBuckets.Of(10_000)]);
        Assert.Equal(threads * each, buckets.Sum());
    }

    [Fact]
    public void WhatTookNoTime_IsCountedAndNotTimed()
    {
        var counters = new TrafficCounters();

        counters.Add(new Served(1, 0, -1) { Retries = 2 });

        var buckets = new long[LatencyBuckets.Count];
        counters.AddBucketsTo(buckets);
        Assert.Equal((1, 0, 2), (counters.Count, buckets.Sum(), counters.RetryCount));
    }

    [Fact]
    public void Counting_AllocatesNothing()
    {
        var counters = new TrafficCounters(stripes: 1);
        var served = new Served(2, 0, 10_000) { BytesOut = 10 };

        Assert.Equal(0, Allocated.By(() =>
        {
            counters.Add(served);
            counters.AddFailure(1, isFailure: true);
        }));
    }

    [Fact]
    public void EveryForwardError_HasItsPlace() => Assert.True(
        Enum.GetValues<MiniLB.RequestPath.Forward.ForwardError>().Length <= TrafficCounters.MostReasons);
}
