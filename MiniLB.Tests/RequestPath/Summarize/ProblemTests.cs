using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class ProblemTests
{
    private static readonly (HeadRefusal Refusal, int Status, string Type)[] Refusals =
    [
        (HeadRefusal.Timeout, 408, "request-timeout"),
        (HeadRefusal.Malformed, 400, "malformed-request"),
        (HeadRefusal.StartLineTooLong, 414, "target-too-long"),
        (HeadRefusal.HeadTooLarge, 431, "head-too-large"),
        (HeadRefusal.Version, 505, "version-not-supported"),
        (HeadRefusal.TransferCoding, 501, "coding-not-implemented"),
        (HeadRefusal.Expectation, 417, "expectation-failed"),
    ];

    private static readonly (ForwardError Error, int Status, string Type)[] Failures =
    [
        (ForwardError.NoneAvailable, 503, "no-backend-available"),
        (ForwardError.QueueFull, 503, "queue-full"),
        (ForwardError.QueueTimeout, 503, "queue-timeout"),
        (ForwardError.ConnectFailed, 503, "no-backend-available"),
        (ForwardError.NoDescriptors, 503, "no-descriptors"),
        (ForwardError.AnswerRefused, 503, "no-backend-available"),
        (ForwardError.StaleSent, 502, "backend-failed"),
        (ForwardError.BackendClosed, 502, "backend-failed"),
        (ForwardError.ResponseHeadTimeout, 504, "backend-timeout"),
        (ForwardError.ResponseHeadInvalid, 502, "backend-failed"),
        (ForwardError.RequestHeadInvalid, 400, "malformed-request"),
        (ForwardError.RequestHeadTimeout, 408, "request-timeout"),
        (ForwardError.RequestBodyNotTaken, 502, "backend-failed"),
        (ForwardError.RequestBodyTimeout, 408, "request-timeout"),
        (ForwardError.RequestBodyInvalid, 400, "malformed-request"),
        (ForwardError.RequestBodyTooLarge, 413, "content-too-large"),
        (ForwardError.RequestTrailersTooLarge, 431, "head-too-large"),
        (ForwardError.ResponseBodyBroken, 502, "backend-failed"),
        (ForwardError.ResponseBodyTimeout, 504, "backend-timeout"),
        (ForwardError.TotalTimeout, 504, "backend-timeout"),
        (ForwardError.HookFailed, 500, "hook-failed"),
    ];

    [Fact]
    public void EveryRefusedHead_HasItsStatusAndType_AndClosesTheConnection()
    {
        Assert.Equal(Enum.GetValues<HeadRefusal>().Except([HeadRefusal.None, HeadRefusal.ConnectionEnds]),
            Refusals.Select(row => row.Refusal));
        Assert.All(Refusals, row =>
        {
            var problem = Problem.For(row.Refusal);
            Assert.Equal((row.Status, row.Type, true), (problem.Status, problem.Type, problem.Closes));
        });
    }

    [Fact]
    public void EveryFailure_HasItsStatusAndType_OrNobodyToAnswer()
    {
        Assert.All(Failures, row =>
            Assert.Equal((row.Status, row.Type), (Problem.For(row.Error)!.Status, Problem.For(row.Error)!.Type)));
        Assert.All(Enum.GetValues<ForwardError>().Except(Failures.Select(row => row.Error)),
            error => Assert.Null(Problem.For(error)));
    }

    // What follows a body that could not be read to its end could be taken for a request.
    [Fact]
    public void FailureOfTheClientsSide_ClosesTheConnection() => Assert.All(
        Failures.Where(row => row.Status is >= 400 and < 500), row => Assert.True(Problem.For(row.Error)!.Closes));
}
