using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class Http1AttemptTests
{
    private const string Put = "PUT / HTTP/1.1|Host: a|Content-Length: 5";
    private const string Expecting = Put + "|Expect: 100-continue";
    private const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private readonly Backend _backend = Sample.Backend();

    [Theory]
    [InlineData(0, false, "RequestBodyNotTaken", true)]
    [InlineData(0, true, "RequestBodyNotTaken", true)]
    [InlineData(4, false, "RequestBodyNotTaken", true)]
    [InlineData(5, false, "RequestBodyNotTaken", false)]
    [InlineData(5, true, "StaleSent", false)]
    public async Task BackendThatCloses_WithTheBody_IsNamedByWhetherThatWasKept(
        long most, bool reused, string error, bool lost)
    {
        var request = Begin(Put, most);
        Assert.True(!reused || request.Connection.TryKeep(since: 1));
        request.Client.Send("hello");
        var attempt = RunAsync(request);
        await Until(() => request.Stream.Told.EndsWith("hello", StringComparison.Ordinal));
        request.Stream.End();

        var result = await attempt;

        Assert.Equal(error, result.Error.ToString());
        Assert.Equal(lost, result.RequestBodyTouched && !request.Exchange.CanRewindBody);
    }

    [Fact]
    public async Task Client_ThatWasToldToSend_IsNotToldAgain()
    {
        var request = Begin(Expecting, 100);
        var attempt = RunAsync(request);
        await Until(() => request.Stream.Told.Contains("Expect: 100-continue\r\n", StringComparison.Ordinal));
        request.Stream.Say(Continue);
        var answered = "";
        await Until(() => (answered += request.Client.Answered()) == Continue);
        request.Client.Send("hel");
        await Until(() => request.Stream.Told.EndsWith("\r\n\r\nhel", StringComparison.Ordinal));
        request.Stream.End();
        Assert.Equal(ForwardError.ResponseHeadInvalid, (await attempt).Error);
        Assert.True(request.Exchange.CanRewindBody);

        attempt = RunNext(request);
        request.Stream.Say(Continue);
        request.Client.Send("lo");
        await Until(() => request.Stream.Told.EndsWith("\r\n\r\nhello", StringComparison.Ordinal));
        request.Stream.Say(Ok);

        Assert.Equal(ForwardError.None, (await attempt).Error);
        Assert.DoesNotContain("Expect", request.Stream.Told, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", request.Client.Answered(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_ThatStillWaits_IsToldByTheNextBackend()
    {
        var request = Begin(Expecting, 100);
        var attempt = RunAsync(request);
        await Until(() => request.Stream.Told.Length > 0);
        request.Stream.End();
        Assert.Equal(ForwardError.BackendClosed, (await attempt).Error);

        attempt = RunNext(request);
        await Until(() => request.Stream.Told.Contains("Expect: 100-continue\r\n", StringComparison.Ordinal));
        request.Stream.Say(Continue);
        var answered = "";
        await Until(() => (answered += request.Client.Answered()) == Continue);
        request.Client.Send("hello");
        await Until(() => request.Stream.Told.EndsWith("\r\n\r\nhello", StringComparison.Ordinal));
        request.Stream.Say(Ok);

        Assert.Equal(ForwardError.None, (await attempt).Error);
    }

    // Whoever sends an unasked 100 has not taken the body with it: it is the backend that is waited for.
    [Fact]
    public async Task UnaskedContinue_WhileTheBackendTakesNothing_IsNoWaitForTheClient()
    {
        var request = Begin("PUT / HTTP/1.1|Host: a|Content-Length: 20000", 0);
        var takes = new TaskCompletionSource();
        request.Stream.BeforeWrite = () => takes.Task;
        request.Client.Send(new string('a', 20_000));
        var attempt = RunAsync(request);
        Assert.Equal(ForwardError.RequestBodyNotTaken, request.Exchange.Timer.Cause);

        request.Stream.Say(Continue);
        var answered = "";
        await Until(() => (answered += request.Client.Answered()) == Continue);

        request.Stream.Say("HTTP/1.1 103 Early Hints\r\n\r\n");
        await Until(() => (answered += request.Client.Answered()).Contains("103", StringComparison.Ordinal));
        Assert.Equal(ForwardError.RequestBodyNotTaken, request.Exchange.Timer.Cause);
        takes.SetResult();
        request.Stream.Say(Ok);
        await attempt;
    }

    private static ForwardedRequest Begin(string head, long most)
    {
        var request = new ForwardedRequest(head);
        request.Exchange.KeepRequestBody(most);
        return request;
    }

    private static Task Until(Func<bool> condition) =>
        Journeys.Harness.Eventually.True(condition, "the exchange has come so far");

    private Task<AttemptResult> RunNext(ForwardedRequest request)
    {
        request.Exchange.RewindBody();
        request.NextBackend();
        return RunAsync(request);
    }

    private async Task<AttemptResult> RunAsync(ForwardedRequest request) =>
        (await new Http1Attempt(request.Exchange, _backend, request.Connection).RunAsync()).Result;
}
