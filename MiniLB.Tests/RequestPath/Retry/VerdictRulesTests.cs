using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class VerdictRulesTests
{
    /// <summary>What an attempt says that ended so before an answer came, and after a 200 and a 503 had come.</summary>
    public static TheoryData<string, string, string, string> Errors => new()
    {
        { "None", "Neutral", "Success", "Failure" },
        { "NoneAvailable", "Neutral", "Success", "Failure" },
        { "QueueFull", "Neutral", "Success", "Failure" },
        { "QueueTimeout", "Neutral", "Success", "Failure" },
        { "ConnectFailed", "Failure", "Failure", "Failure" },
        { "NoDescriptors", "Neutral", "Success", "Failure" },
        { "StaleSent", "Neutral", "Success", "Failure" },
        { "BackendClosed", "Failure", "Failure", "Failure" },
        { "ResponseHeadTimeout", "Failure", "Failure", "Failure" },
        { "ResponseHeadInvalid", "Failure", "Failure", "Failure" },
        { "AnswerRefused", "Neutral", "Success", "Failure" },
        { "RequestHeadInvalid", "Neutral", "Success", "Failure" },
        { "RequestHeadTimeout", "Neutral", "Success", "Failure" },
        { "RequestBodyNotTaken", "Failure", "Failure", "Failure" },
        { "RequestBodyTimeout", "Neutral", "Success", "Failure" },
        { "RequestBodyInvalid", "Neutral", "Success", "Failure" },
        { "RequestBodyTooLarge", "Neutral", "Success", "Failure" },
        { "RequestTrailersTooLarge", "Neutral", "Success", "Failure" },
        { "ResponseBodyBroken", "Failure", "Failure", "Failure" },
        { "ResponseBodyTimeout", "Failure", "Failure", "Failure" },
        { "TunnelTimeout", "Neutral", "Success", "Failure" },
        { "HookFailed", "Neutral", "Success", "Failure" },
        { "TotalTimeout", "Neutral", "Success", "Failure" },
        { "ClientGone", "Neutral", "Success", "Failure" },
        { "Unexpected", "Neutral", "Success", "Failure" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Attempt_SaysWhatTheBackendIsToBlameFor(string error, string none, string ok, string unavailable)
    {
        var kind = Enum.Parse<ForwardError>(error);

        var statuses = new[] { 0, 200, 503 };

        Assert.Equal([none, ok, unavailable], statuses.Select(s => VerdictRules.Ejects(kind, s).ToString()));
        Assert.Equal([none, ok, unavailable], statuses.Select(s => VerdictRules.Breaks(kind, s).ToString()));
    }

    [Fact]
    public void Table_HasARowForEveryError() =>
        Assert.Equal(Enum.GetNames<ForwardError>().Order(), Errors.Select(row => (string)row[0]).Order());

    [Theory]
    [InlineData(200, false, false)]
    [InlineData(304, false, false)]
    [InlineData(400, false, false)]
    [InlineData(404, false, false)]
    [InlineData(429, false, false)]
    [InlineData(499, false, false)]
    [InlineData(500, false, true)]
    [InlineData(501, false, true)]
    [InlineData(502, true, true)]
    [InlineData(503, true, true)]
    [InlineData(504, true, true)]
    [InlineData(505, false, true)]
    [InlineData(599, false, true)]
    [InlineData(600, false, false)]
    [InlineData(999, false, false)]
    [InlineData(101, false, false)]
    public void Status_EjectsOrBreaks(int status, bool ejects, bool breaks) => Assert.Equal(
        (ejects, breaks),
        (VerdictRules.Ejects(ForwardError.None, status) == Verdict.Failure,
            VerdictRules.Breaks(ForwardError.None, status) == Verdict.Failure));
}
