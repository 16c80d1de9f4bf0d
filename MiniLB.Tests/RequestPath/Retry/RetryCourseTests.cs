using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class RetryCourseTests
{
    private readonly World _world = Sample.World(1, 1, 1, 1);

    private Backend[] All => _world.Current.DefaultPool.All;

    /// <summary>c: no connection; s: a kept connection ended; b: a new one did; 5: an answer is refused. The trace:
    /// whether the request may go on after each.</summary>
    [Theory]
    [InlineData("GET", 2, "b", "y")]
    [InlineData("GET", 2, "bb", "yn")]
    [InlineData("GET", 3, "bbb", "yyn")]
    [InlineData("GET", 1, "b", "n")]
    [InlineData("GET", 2, "ccccb", "yyyyy")]
    [InlineData("GET", 2, "cbcb", "yyyn")]
    [InlineData("GET", 2, "5b", "yn")]
    [InlineData("GET", 2, "sb", "yn")]
    [InlineData("POST", 2, "b", "n")]
    [InlineData("POST", 2, "s", "n")]
    [InlineData("POST", 2, "cccb", "yyyn")]
    public void Attempts_AreSends_AndAConnectionNeverMadeIsNone(string method, int attempts, string ends, string goesOn)
    {
        var course = Course(method, new RetryOptions { Attempts = attempts });

        Assert.Equal(goesOn, string.Concat(ends.Select(e => GoesOn(ref course, 0, e, TimeSpan.Zero) ? 'y' : 'n')));
    }

    [Fact]
    public void IdempotencyKey_MakesAPostRepeatable()
    {
        var exchange = TestExchange.In(_world, "POST", ("Idempotency-Key", "abc"));
        var course = new RetryCourse(exchange, exchange.Pool.Options);

        Assert.True(course.MayRepeat);
        Assert.True(GoesOn(ref course, 0, 'b', TimeSpan.Zero));
        Assert.False(course.MayRepeat);
    }

    [Fact]
    public void Walk_EndsAfterTwiceTheConnectTime()
    {
        var course = Course("GET", new RetryOptions());

        Assert.True(GoesOn(ref course, 0, 'c', TimeSpan.FromSeconds(5)));
        Assert.True(GoesOn(ref course, 1, 'c', TimeSpan.FromSeconds(4.9)));
        Assert.False(GoesOn(ref course, 2, 'c', TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Walk_AfterASend_BeginsAnew()
    {
        var course = Course("GET", new RetryOptions());

        Assert.True(GoesOn(ref course, 0, 'c', TimeSpan.FromSeconds(9)));
        Assert.True(GoesOn(ref course, 1, 'b', TimeSpan.FromSeconds(60)));
        Assert.True(GoesOn(ref course, 2, 'c', TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void Backend_WhoseKeptConnectionEnded_MayBeGivenItOnceMore()
    {
        var course = Course("GET", new RetryOptions { Attempts = 5 });
        Assert.Null(course.Stale);

        course.Try(All[0]);
        Assert.True(GoesOn(ref course, 0, 's', TimeSpan.Zero));
        Assert.Same(All[0], course.Stale);
        Assert.True(course.OnNewConnection);

        course.Try(All[1]);
        Assert.True(GoesOn(ref course, 1, 's', TimeSpan.Zero));
        Assert.Same(All[0], course.Stale);

        course.Try(All[0]);
        Assert.Null(course.Stale);
        Assert.True(GoesOn(ref course, 0, 's', TimeSpan.Zero));
        Assert.Null(course.Stale);
    }

    [Fact]
    public void Tried_AreThoseThatItWasGivenTo()
    {
        var course = Course("GET", new RetryOptions());
        Assert.True(course.Tried.IsEmpty);

        course.Try(All[2]);
        course.Try(All[0]);

        Assert.Equal([true, false, true, false], All.Select(course.Tried.Contains));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Body_ThatIsLost_EndsIt(bool lost, bool goesOn)
    {
        var course = Course("PUT", new RetryOptions());

        Assert.Equal(goesOn, course.MayGoOn(
            All[0], new AttemptResult(ForwardError.BackendClosed), bodyIsLost: lost, TimeSpan.Zero));
    }

    private RetryCourse Course(string method, RetryOptions retry) =>
        new(TestExchange.In(_world, method), _world.Current.DefaultPool.Options with { Retry = retry });

    private bool GoesOn(ref RetryCourse course, int backend, char end, TimeSpan took)
    {
        var error = end switch
        {
            'c' => ForwardError.ConnectFailed,
            's' => ForwardError.StaleSent,
            '5' => ForwardError.AnswerRefused,
            _ => ForwardError.BackendClosed,
        };
        return course.MayGoOn(All[backend], new AttemptResult(error), bodyIsLost: false, took);
    }
}
