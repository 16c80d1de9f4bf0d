using MiniLB.Config.Options;
using MiniLB.RequestPath.Retry;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(0, 1, 25)]
    [InlineData(1, 1, 50)]
    [InlineData(2, 1, 100)]
    [InlineData(3, 1, 200)]
    [InlineData(4, 1, 250)]
    [InlineData(30, 1, 250)]
    [InlineData(0, 0, 0)]
    [InlineData(4, 0, 0)]
    [InlineData(0, 0.5, 12.5)]
    [InlineData(4, 0.5, 125)]
    public void Length_IsAnyUpToTheDoubledBackoff_AtMostTheLongest(int before, double random, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Backoff.Length(new RetryOptions(), before, random));

    [Fact]
    public void Length_OfABackoffAboveTheLongest_IsTheLongest() => Assert.Equal(
        TimeSpan.FromMilliseconds(250),
        Backoff.Length(new RetryOptions { Backoff = TimeSpan.FromSeconds(9) }, 0, 1));

    [Fact]
    public async Task Wait_EndsByTheClock()
    {
        var clock = new FakeTimeProvider();

        var wait = Backoff.WaitAsync(new RetryOptions(), 0, clock, CancellationToken.None).AsTask();
        clock.Advance(TimeSpan.FromMilliseconds(25));

        Assert.True(await wait);
    }

    [Fact]
    public async Task Wait_OfARequestThatEnds_SaysSo()
    {
        using var ended = new CancellationTokenSource();

        var wait = Backoff.WaitAsync(new RetryOptions(), 4, new FakeTimeProvider(), ended.Token).AsTask();
        await ended.CancelAsync();

        Assert.False(await wait);
        Assert.False(await Backoff.WaitAsync(new RetryOptions(), 0, new FakeTimeProvider(), ended.Token));
    }

    [Fact]
    public async Task NoBackoff_DoesNotWait() => Assert.True(await Backoff.WaitAsync(
        new RetryOptions { Backoff = TimeSpan.Zero }, 0, new FakeTimeProvider(), CancellationToken.None));
}
