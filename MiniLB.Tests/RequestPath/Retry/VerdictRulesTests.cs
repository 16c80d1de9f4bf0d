using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Retry;

namespace MiniLB.Tests.RequestPath.Retry;

public sealed class VerdictRulesTests
{
    /// <summary>Error, status, what it means for ejection, and for the circuit.</summary>
    [Theory]
    [InlineData("None", 200, "Success", "Success")]
    [InlineData("None", 404, "Success", "Success")]
    [InlineData("None", 429, "Success", "Success")]
    [InlineData("None", 500, "Success", "Failure")]
    [InlineData("None", 501, "Success", "Failure")]
    [InlineData("None", 502, "Failure", "Failure")]
    [InlineData("None", 503, "Failure", "Failure")]
    [InlineData("None", 504, "Failure", "Failure")]
    [InlineData("None", 101, "Success", "Success")]
    [InlineData("AnswerRefused", 503, "Failure", "Failure")]
    [InlineData("AnswerRefused", 429, "Success", "Success")]
    [InlineData("ClientGone", 0, "Neutral", "Neutral")]
    [InlineData("ClientGone", 200, "Success", "Success")]
    [InlineData("ResponseBodyBroken", 200, "Failure", "Failure")]
    public void Answer_SaysWhatItSays(string error, int status, string ejects, string breaks)
    {
        var named = Enum.Parse<ForwardError>(error);

        Assert.Equal(
            (ejects, breaks),
            (VerdictRules.Ejects(named, status).ToString(), VerdictRules.Breaks(named, status).ToString()));
    }

    [Fact]
    public void WithoutAnAnswer_OnlyTheBackendsOwnFaultsCount() => Assert.All(
        Enum.GetValues<ForwardError>(), error => Assert.Equal(
            ForwardErrorRules.IsBackendFault(error) ? "Failure" : "Neutral",
            VerdictRules.Ejects(error, status: 0).ToString()));
}
