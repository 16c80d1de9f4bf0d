using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class BackendAdmissionTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 1)]
    [InlineData(7, 7)]
    public void MaxInFlight_IsExact(int most, int begun)
    {
        var backend = new Backend(Sample.BackendOptions("http://a") with { MaxInFlight = most }, 0);

        Assert.Equal(begun, Enumerable.Range(0, 100).Count(_ => backend.TryBegin()));
        Assert.Equal(begun, backend.InFlight);
    }

    [Fact]
    public void ManyThreadsThatAreRefused_AreNotSeenInFlight()
    {
        var backend = new Backend(Sample.BackendOptions("http://a") with { MaxInFlight = 1 }, 0);
        Assert.True(backend.TryBegin());
        var most = 0;

        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                Assert.False(backend.TryBegin());
                most = Math.Max(most, backend.InFlight);
            }
        });

        Assert.Equal(1, most);
    }

    [Fact]
    public void FailuresInARow_EndWithASuccess()
    {
        var backend = Sample.Backend();

        Assert.Equal([1, 2, 0, 1], new[] { true, true, false, true }.Select(backend.CountInARow));
    }
}
