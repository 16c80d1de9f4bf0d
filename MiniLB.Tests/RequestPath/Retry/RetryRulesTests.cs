using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class RetryRulesTests
{
    /// <summary>Untouched and unanswered; the columns: GET with a send left, GET without, POST with, without.</summary>
    [Theory]
    [InlineData("None", "no", "no", "no", "no")]
    [InlineData("NoneAvailable", "no", "no", "no", "no")]
    [InlineData("ConnectFailed", "yes", "yes", "yes", "yes")]
    [InlineData("NoDescriptors", "no", "no", "no", "no")]
    [InlineData("StaleSent", "yes", "no", "no", "no")]
    [InlineData("BackendClosed", "yes", "no", "no", "no")]
    [InlineData("ResponseHeadTimeout", "yes", "no", "no", "no")]
    [InlineData("ResponseHeadInvalid", "yes", "no", "no", "no")]
    [InlineData("RequestHeadInvalid", "no", "no", "no", "no")]
    [InlineData("RequestHeadTimeout", "no", "no", "no", "no")]
    [InlineData("RequestTrailersTooLarge", "no", "no", "no", "no")]
    [InlineData("TunnelTimeout", "no", "no", "no", "no")]
    [InlineData("RequestBodyNotTaken", "yes", "no", "no", "no")]
    [InlineData("AnswerRefused", "yes", "no", "no", "no")]
    [InlineData("HookFailed", "no", "no", "no", "no")]
    [InlineData("QueueFull", "no", "no", "no", "no")]
    [InlineData("QueueTimeout", "no", "no", "no", "no")]
    [InlineData("RequestBodyTimeout", "no", "no", "no", "no")]
    [InlineData("RequestBodyInvalid", "no", "no", "no", "no")]
    [InlineData("RequestBodyTooLarge", "no", "no", "no", "no")]
    [InlineData("ResponseBodyBroken", "no", "no", "no", "no")]
    [InlineData("ResponseBodyTimeout", "no", "no", "no", "no")]
    [InlineData("TotalTimeout", "no", "no", "no", "no")]
    [InlineData("Unexpected", "no", "no", "no", "no")]
    [InlineData("ClientGone", "no", "no", "no", "no")]
    public void Failure_IsTriedAgain_OnlyWhereRepeatingIsSafe(
        string error, string get, string lastGet, string post, string lastPost)
    {
        var result = new AttemptResult(Enum.Parse<ForwardError>(error));

        Assert.Equal(
            [get, lastGet, post, lastPost],
            new[]
            {
                Word(RetryRules.MayTryAgain(result, mayRepeat: true, bodyIsLost: false, sends: 1, attempts: 2)),
                Word(RetryRules.MayTryAgain(result, mayRepeat: true, bodyIsLost: false, sends: 2, attempts: 2)),
                Word(RetryRules.MayTryAgain(result, mayRepeat: false, bodyIsLost: false, sends: 1, attempts: 2)),
                Word(RetryRules.MayTryAgain(result, mayRepeat: false, bodyIsLost: false, sends: 2, attempts: 2)),
            });
    }

    [Fact]
    public void Table_HasARowForEveryError() => Assert.Equal(
        Enum.GetNames<ForwardError>().Order(),
        typeof(RetryRulesTests).GetMethod(nameof(Failure_IsTriedAgain_OnlyWhereRepeatingIsSafe))!
            .GetCustomAttributesData().Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a => (string)((IList<System.Reflection.CustomAttributeTypedArgument>)
                a.ConstructorArguments[0].Value!)[0].Value!).Order());

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Failure_AfterTheBodyWasLostOrTheResponseStarted_IsNeverTriedAgain(bool lost, bool started)
    {
        Assert.All(Enum.GetValues<ForwardError>(), error => Assert.False(RetryRules.MayTryAgain(
            new AttemptResult(error, ResponseStarted: started), mayRepeat: true, lost, sends: 0, attempts: 10)));
    }

    [Fact]
    public void SameBackend_IsAllowedOnlyWhereAKeptConnectionEnded() => Assert.Equal(
        [ForwardError.StaleSent],
        Enum.GetValues<ForwardError>().Where(RetryRules.AllowsSameBackend));

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("OPTIONS", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("TRACE", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("CONNECT", false)]
    [InlineData("PROPFIND", false)]
    [InlineData("LOCK", false)]
    [InlineData("INVENTED", false)]
    [InlineData("", false)]
    public void Method_IsIdempotent_WhereRfc9110SaysSo(string method, bool idempotent) =>
        Assert.Equal(idempotent, RetryRules.IsIdempotent(method));

    private static string Word(bool mayTryAgain) => mayTryAgain ? "yes" : "no";
}
