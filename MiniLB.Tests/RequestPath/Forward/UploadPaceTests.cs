using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class UploadPaceTests
{
    // Total lies between the grace of 5 s and the read time of 15 s, and is the cause where more than it is allowed.
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("Content-Length: 5", false, "RequestBodyTimeout")]
    [InlineData("Content-Length: 5", true, "ResponseBodyTimeout")]
    [InlineData("Content-Length: 5|Expect: 100-continue", false, "ResponseHeadTimeout")]
    [InlineData("Content-Length: 5|Content-Type: application/grpc", false, "ResponseBodyTimeout")]
    public void Wait_ForTheClient_IsLimitedByWhatIsDue(string fields, bool answered, string cause)
    {
        var request = new ForwardedRequest("PUT / HTTP/1.1|Host: a|" + fields);
        request.Exchange.IsAnswered = answered;

        new UploadPace(request.Exchange).BeginWait();

        Assert.Equal(cause, request.Exchange.Timer.Cause.ToString());
    }

    [Theory]
    [InlineData(false, "RequestBodyNotTaken")]
    [InlineData(true, "ResponseBodyTimeout")]
    public void Wait_ForTheBackend_IsLimitedByTheIdleTime(bool answered, string cause)
    {
        var request = Put();
        request.Exchange.IsAnswered = answered;

        new UploadPace(request.Exchange).WaitForBackend();

        Assert.Equal(cause, request.Exchange.Timer.Cause.ToString());
    }

    [Theory]
    [InlineData(240, 0, 0, "RequestBodyTimeout")]
    [InlineData(240, 2160, 0, "RequestBodyTimeout")]
    [InlineData(240, 24_000, 0, "TotalTimeout")]
    [InlineData(240, 24_000, 95, "RequestBodyTimeout")]
    [InlineData(0, 0, 0, "TotalTimeout")]
    [InlineData(0, 0, 1000, "TotalTimeout")]
    public void Client_BelowTheRate_IsGivenLessThanTheReadTime(long rate, long bytes, int waited, string cause)
    {
        var request = Put(new LimitOptions { MinBodyRate = rate });
        var pace = new UploadPace(request.Exchange);
        request.Exchange.Timer.Begin(Between);

        request.Exchange.CountBody(bytes);
        pace.EndWait(Environment.TickCount64 - (waited * 1000));
        pace.BeginWait();

        Assert.Equal(cause, request.Exchange.Timer.Cause.ToString());
    }

    // 24,000 bytes are worth 100 s, once; and what an earlier attempt has waited is not forgotten.
    [Theory]
    [InlineData(0, "TotalTimeout")]
    [InlineData(95, "RequestBodyTimeout")]
    public void AnotherAttempt_GoesOnWithTheSameAccount(int waited, string cause)
    {
        var request = Put(new LimitOptions { MinBodyRate = 240 });
        request.Exchange.KeepRequestBody(5);
        new UploadPace(request.Exchange).EndWait(Environment.TickCount64 - (waited * 1000));
        request.Exchange.CountBody(24_000);
        request.Exchange.RewindBody();
        request.Exchange.Timer.Begin(Between);

        request.Exchange.CountBody(24_000);
        new UploadPace(request.Exchange).BeginWait();

        Assert.Equal(24_000, request.Exchange.BytesIn);
        Assert.Equal(cause, request.Exchange.Timer.Cause.ToString());
    }

    [Theory]
    [InlineData("Content-Length: 5|Expect: 100-continue", false, false)]
    [InlineData("Content-Length: 5|Content-Type: application/grpc", false, false)]
    [InlineData("Content-Length: 5", true, false)]
    [InlineData("Content-Length: 5", false, true)]
    public void Wait_IsTheClients_OnlyWhereItOwesTheNextPiece(string fields, bool answered, bool isTheClients)
    {
        var request = new ForwardedRequest("PUT / HTTP/1.1|Host: a|" + fields);
        request.Exchange.IsAnswered = answered;
        var pace = new UploadPace(request.Exchange);

        var began = pace.BeginWait();
        pace.EndWait(began - 1000);

        Assert.Equal(isTheClients, request.Exchange.WaitedForBody >= TimeSpan.FromSeconds(1));
    }

    private static ForwardedRequest Put(LimitOptions? limits = null) =>
        new("PUT / HTTP/1.1|Host: a|Content-Length: 5", limits);
}
