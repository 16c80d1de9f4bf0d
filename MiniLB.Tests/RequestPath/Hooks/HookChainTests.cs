using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Hooks;
using MiniLB.Tests.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Hooks;

public sealed class HookChainTests
{
    private const string Get = "GET /a HTTP/1.1|Host: a";

    private readonly RecordedLog _log = new();
    private readonly List<string> _calls = [];

    [Fact]
    public void NoHook_IsNoChain() => Assert.Null(HookChain.Of([], _log));

    [Fact]
    public async Task Hooks_SeeTheRequestInOrder_AndTheAnswerInReverse()
    {
        var request = new ForwardedRequest(Get);
        request.Answer("HTTP/1.1 404 Not Found|Content-Length: 0");

        Assert.False(await Chain(Hook("a"), Hook("b")).AnswersAsync(request.Exchange));
        Assert.True(PassedFields.TryPrepareAnswer(request.Exchange));

        Assert.Equal(["a GET /a", "b GET /a", "b 404", "a 404"], _calls);
        Assert.Equal("", request.Client.Answered());
    }

    [Theory]
    [InlineData(Get, "HTTP/1.1 403 Forbidden|Content-Type: text/plain|Content-Length: 2|D|no")]
    [InlineData("HEAD / HTTP/1.1|Host: a", "HTTP/1.1 403 Forbidden|Content-Type: text/plain|Content-Length: 2|D|")]
    public async Task HookThatAnswers_IsTheLastToSeeTheRequest(string head, string answered)
    {
        var request = new ForwardedRequest(head);
        var answers = Hook("b", () => new HookAnswer(403, "text/plain", "no"u8));

        Assert.True(await Chain(Hook("a"), answers, Hook("c")).AnswersAsync(request.Exchange));

        Assert.Equal(["a", "b"], _calls.Select(c => c[..1]));
        Assert.Equal(answered, Answered(request));
        Assert.Equal(ForwardError.None, request.Exchange.Outcome);
    }

    [Fact]
    public async Task AnswerWithoutABody_AnswersManyRequests()
    {
        var answer = new HookAnswer(302);
        answer.Headers.Set("Location", "/login");
        var chain = Chain(Hook("a", () => answer));
        foreach (var request in (ForwardedRequest[])[new(Get), new(Get)])
        {
            Assert.True(await chain.AnswersAsync(request.Exchange));
            Assert.Equal("HTTP/1.1 302 Found|Location: /login|Content-Length: 0|D|", Answered(request));
        }

        Assert.Throws<InvalidOperationException>(() => answer.Headers.Set("Location", "/"));
    }

    [Fact]
    public async Task HookThatThrowsAtTheRequest_IsAnswered500AndNamedInTheLog()
    {
        var request = new ForwardedRequest(Get);

        Assert.True(await Chain(Hook("a", () => throw new FormatException("boom")), Hook("b"))
            .AnswersAsync(request.Exchange));

        Assert.Single(_calls);
        Assert.StartsWith("HTTP/1.1 500 ", Answered(request), StringComparison.Ordinal);
        Assert.Equal(ForwardError.HookFailed, request.Exchange.Outcome);
        Assert.Equal(["Error ScriptedHook failed at GET /a; the request was answered 500 boom"], _log.Lines);
    }

    [Fact]
    public async Task HookThatThrowsAtTheAnswer_LetsNothingOfItThrough()
    {
        var request = new ForwardedRequest(Get);
        request.Answer("HTTP/1.1 200 OK|Content-Length: 2");
        request.Stream.Say("ok");
        await Chain(new ScriptedHook(_ => null, _ => throw new FormatException("boom"))).AnswersAsync(request.Exchange);

        var result = await ResponseRelay.Of(request.Exchange, request.Connection, sender: null, closes: false)
            .RunAsync();

        Assert.Equal((ForwardError.HookFailed, false), (result.Error, result.ResponseStarted));
        Assert.Equal("", request.Client.Answered());
        Assert.Equal(["Error ScriptedHook failed at GET /a; the request was answered 500 boom"], _log.Lines);
    }

    [Fact]
    public async Task RequestThatWasSent_CannotBeChangedAnyMore()
    {
        var request = new ForwardedRequest(Get);
        request.Answer("HTTP/1.1 200 OK|Content-Length: 2");
        HookRequest? seen = null;
        await Chain(new ScriptedHook(r => (seen = r, (HookAnswer?)null).Item2, _ => seen!.Headers.Set("X", "1")))
            .AnswersAsync(request.Exchange);

        Assert.False(request.Exchange.Hooked!.TryShow(request.Exchange.Answer));
    }

    private HookChain Chain(params RequestHook[] hooks) => HookChain.Of(hooks, _log)!;

    private ScriptedHook Hook(string name, Func<HookAnswer?>? answer = null) => new(
        request =>
        {
            _calls.Add($"{name} {request.Method} {request.Target}");
            return answer?.Invoke();
        },
        response => _calls.Add($"{name} {response.Status}"));

    // The empty line at the head's end is left out.
    private static string Answered(ForwardedRequest request) => string.Join('|', request.Client.Answered()
        .Replace("\r\n\r\n", "\r\n", StringComparison.Ordinal).Split("\r\n")
        .Select(l => l.StartsWith("Date:", StringComparison.Ordinal) ? "D" : l));

    private sealed class ScriptedHook(Func<HookRequest, HookAnswer?> onRequest, Action<HookResponse> onResponse)
        : RequestHook
    {
        public override HookAnswer? OnRequest(HookRequest request) => onRequest(request);

        public override void OnResponse(HookRequest request, HookResponse response) => onResponse(response);
    }
}
