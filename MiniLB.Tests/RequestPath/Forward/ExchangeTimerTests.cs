using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class ExchangeTimerTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory]
    [InlineData("RequestBody", "RequestBodyTimeout")]
    [InlineData("BackendTakesBody", "RequestBodyNotTaken")]
    [InlineData("ResponseHead", "ResponseHeadTimeout")]
    [InlineData("ResponseBody", "ResponseBodyTimeout")]
    public async Task Limit_ThatPasses_FiresTheTokenAndIsTheCause(string limit, string cause)
    {
        var timer = new ExchangeTimer();
        timer.Begin(TimeSpan.Zero);

        timer.Wait(Enum.Parse<TimeLimit>(limit), Short);
        await Fired(timer);

        Assert.Equal(cause, timer.Cause.ToString());
    }

    [Fact]
    public async Task Total_ThatEndsBeforeAnyOtherLimit_IsTheCause()
    {
        var timer = new ExchangeTimer();
        timer.Begin(Short);

        timer.Wait(TimeLimit.ResponseHead, Long);
        await Fired(timer);

        Assert.Equal(ForwardError.TotalTimeout, timer.Cause);
    }

    [Fact]
    public async Task Total_GoesOn_WhileNothingElseIsLimited()
    {
        var timer = new ExchangeTimer();
        timer.Begin(Short);

        timer.Wait(TimeLimit.None, TimeSpan.Zero);
        await Fired(timer);

        Assert.Equal(ForwardError.TotalTimeout, timer.Cause);
    }

    [Fact]
    public async Task Total_GoesOn_AfterALimitOfTheLastAttemptHasFired()
    {
        var timer = new ExchangeTimer();
        timer.Begin(TimeSpan.FromMilliseconds(200));
        timer.Wait(TimeLimit.ResponseHead, Short);
        await Fired(timer);

        timer.BeginAttempt();
        await Fired(timer);

        Assert.Equal((ForwardError.TotalTimeout, ForwardError.TotalTimeout), (timer.Cause, timer.Final));
    }

    [Fact]
    public void Final_IsWhatAllowsNoOtherAttempt()
    {
        var timer = new ExchangeTimer();
        timer.Begin(Long);
        Assert.Equal(ForwardError.None, timer.Final);

        timer.ClientHasGone();
        Assert.Equal(ForwardError.ClientGone, timer.Final);
    }

    [Fact]
    public async Task Limit_ThatEndsBeforeTotal_IsTheCause()
    {
        var timer = new ExchangeTimer();
        timer.Begin(Long);

        timer.Wait(TimeLimit.ResponseBody, Short);
        await Fired(timer);

        Assert.Equal(ForwardError.ResponseBodyTimeout, timer.Cause);
    }

    [Fact]
    public async Task LaterLimit_TakesThePlaceOfTheEarlier()
    {
        var timer = new ExchangeTimer();
        timer.Begin(TimeSpan.Zero);
        timer.Wait(TimeLimit.ResponseHead, Long);

        timer.Wait(TimeLimit.ResponseBody, Short);
        await Fired(timer);

        Assert.Equal(ForwardError.ResponseBodyTimeout, timer.Cause);
    }

    [Fact]
    public async Task ClientThatHasGone_IsTheCause_WhateverLimitIsRunning()
    {
        var timer = new ExchangeTimer();
        timer.Begin(Long);
        timer.Wait(TimeLimit.ResponseHead, Long);

        timer.ClientHasGone();
        await Fired(timer);

        Assert.Equal(ForwardError.ClientGone, timer.Cause);
    }

    [Fact]
    public async Task TimerThatFired_IsFitForTheNextExchange()
    {
        var timer = new ExchangeTimer();
        timer.Begin(TimeSpan.Zero);
        timer.Wait(TimeLimit.ResponseHead, Short);
        await Fired(timer);

        timer.End();
        timer.Begin(TimeSpan.Zero);

        Assert.False(timer.Token.IsCancellationRequested);
        timer.Wait(TimeLimit.RequestBody, Short);
        await Fired(timer);
        Assert.Equal(ForwardError.RequestBodyTimeout, timer.Cause);
    }

    [Fact]
    public void TimerThatDidNotFire_IsReusedWithoutItsOldLimit()
    {
        var timer = new ExchangeTimer();
        timer.Begin(Long);
        timer.Wait(TimeLimit.ResponseHead, Long);
        var token = timer.Token;

        timer.End();

        Assert.Equal(token, timer.Token);
        Assert.False(token.IsCancellationRequested);
    }

    [Fact]
    public void ClientThatHasGone_IsGoneForTheNextExchangeToo()
    {
        var timer = new ExchangeTimer();
        timer.ClientHasGone();

        timer.End();
        timer.Begin(TimeSpan.Zero);

        Assert.True(timer.Token.IsCancellationRequested);
        Assert.Equal(ForwardError.ClientGone, timer.Cause);
    }

    [Fact]
    public async Task LimitThatPasses_DisposesOfWhatIsGuarded()
    {
        using var guarded = new MemoryStream();
        var timer = new ExchangeTimer();
        timer.Begin(TimeSpan.Zero);
        timer.Guard(guarded);

        timer.Wait(TimeLimit.ResponseHead, Short);

        await Eventually.True(() => !guarded.CanRead, "it is disposed of");
        Assert.False(timer.LetGo());
    }

    [Fact]
    public void GuardedAfterTheClientHasGone_IsDisposedOfAtOnce()
    {
        using var guarded = new MemoryStream();
        var timer = new ExchangeTimer();
        timer.ClientHasGone();

        timer.Guard(guarded);

        Assert.False(guarded.CanRead);
    }

    [Fact]
    public void LetGo_LeavesWhatWasGuardedAlone()
    {
        using var guarded = new MemoryStream();
        var timer = new ExchangeTimer();
        timer.Guard(guarded);

        Assert.True(timer.LetGo());
        timer.ClientHasGone();

        Assert.True(guarded.CanRead);
    }

    [Fact]
    public async Task LimitThatBecomesShorter_IsObeyed()
    {
        var timer = new ExchangeTimer();
        timer.Begin(TimeSpan.Zero);
        timer.Wait(TimeLimit.ResponseBody, Long);

        timer.Wait(TimeLimit.RequestBody, Short);

        await Fired(timer);
        Assert.Equal(ForwardError.RequestBodyTimeout, timer.Cause);
    }

    [Fact]
    public void Arming_OnceWarm_AllocatesNothing()
    {
        var timer = new ExchangeTimer();
        ArmAndEnd(timer, 100);

        Assert.Equal(0, Allocated.By(() => ArmAndEnd(timer, 1_000)));
    }

    private static void ArmAndEnd(ExchangeTimer timer, int times)
    {
        for (var i = 0; i < times; i++)
        {
            timer.Begin(Long);
            timer.Wait(TimeLimit.ResponseHead, Long);
            timer.Wait(TimeLimit.ResponseBody, Long);
            timer.End();
        }
    }

    private static async Task Fired(ExchangeTimer timer)
    {
        var fired = new TaskCompletionSource();
        await using var registration = timer.Token.Register(fired.SetResult);
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
