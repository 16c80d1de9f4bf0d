namespace MiniLB.Tests.State;

public sealed class BackendTests
{
    [Theory]
    [InlineData(true, false, 1, 0)]
    [InlineData(true, true, 1, 1)]
    [InlineData(false, true, 0, 1)]
    [InlineData(false, false, 0, 0)]
    public void Attempt_IsCountedByWhatBecameOfIt(bool sent, bool failed, int sends, int failures)
    {
        var backend = Sample.Backend();
        Assert.True(backend.TryBegin());
        Assert.Equal(1, backend.InFlight);

        backend.End(sent, failed);

        Assert.Equal((0, sends, failures), (backend.InFlight, backend.Sends, backend.Failures));
    }

    [Fact]
    public void ManyThreads_CountExactly()
    {
        var backend = Sample.Backend();

        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            backend.TryBegin();
            backend.End(sent: i % 2 == 0, failed: i % 4 == 0);
        });

        Assert.Equal((0, 50_000, 25_000), (backend.InFlight, backend.Sends, backend.Failures));
    }
}
