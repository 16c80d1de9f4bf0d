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
    public void FailuresInARow_EndWithASuccess()
    {
        var backend = Sample.Backend();

        Assert.Equal([1, 2, 0, 1], new[] { true, true, false, true }.Select(backend.CountInARow));
    }
}
