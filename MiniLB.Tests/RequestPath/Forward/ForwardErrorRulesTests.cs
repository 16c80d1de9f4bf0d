using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class ForwardErrorRulesTests
{
    // error, status, sent, backend's fault, word
    private static readonly (ForwardError Error, int Status, bool Sent, bool Fault, string Word)[] Table =
    [
        (ForwardError.None, 0, true, false, "done"),
        (ForwardError.NoneAvailable, 503, false, false, "noneAvailable"),
        (ForwardError.QueueFull, 503, false, false, "queueFull"),
        (ForwardError.QueueTimeout, 503, false, false, "queueTimeout"),
        (ForwardError.ConnectFailed, 503, false, true, "connectFailed"),
        (ForwardError.NoDescriptors, 503, false, false, "noDescriptors"),
        (ForwardError.StaleSent, 502, true, false, "staleSent"),
        (ForwardError.BackendClosed, 502, true, true, "backendClosed"),
        (ForwardError.ResponseHeadTimeout, 504, true, true, "responseHeadTimeout"),
        (ForwardError.ResponseHeadInvalid, 502, true, true, "responseHeadInvalid"),
        (ForwardError.AnswerRefused, 503, true, false, "answerRefused"),
        (ForwardError.RequestHeadInvalid, 400, true, false, "requestHeadInvalid"),
        (ForwardError.RequestHeadTimeout, 408, true, false, "requestHeadTimeout"),
        (ForwardError.RequestBodyNotTaken, 502, true, true, "requestBodyNotTaken"),
        (ForwardError.RequestBodyTimeout, 408, true, false, "requestBodyTimeout"),
        (ForwardError.RequestBodyInvalid, 400, true, false, "requestBodyInvalid"),
        (ForwardError.RequestBodyTooLarge, 413, true, false, "requestBodyTooLarge"),
        (ForwardError.RequestTrailersTooLarge, 431, true, false, "requestTrailersTooLarge"),
        (ForwardError.ResponseBodyBroken, 502, true, true, "responseBodyBroken"),
        (ForwardError.ResponseBodyTimeout, 504, true, true, "responseBodyTimeout"),
        (ForwardError.TunnelTimeout, 0, true, false, "tunnelTimeout"),
        (ForwardError.TotalTimeout, 504, true, false, "totalTimeout"),
        (ForwardError.ClientGone, 0, true, false, "clientGone"),
        (ForwardError.HookFailed, 500, true, false, "hookFailed"),
        (ForwardError.Unexpected, 0, true, false, "unexpected"),
    ];

    [Fact]
    public void EveryError_HasItsStatusBlameAndWord() => Assert.Equal(
        Table, Enum.GetValues<ForwardError>().Select(e => (e, ForwardErrorRules.Status(e),
            ForwardErrorRules.WasSent(e), ForwardErrorRules.IsBackendFault(e), ForwardErrorRules.Word(e))));

    [Fact]
    public void WhatTheClientDid_CountsAsARefusal() => Assert.Equal(
        [
            (ForwardError.RequestHeadInvalid, Refusal.Malformed),
            (ForwardError.RequestHeadTimeout, Refusal.SlowRequest),
            (ForwardError.RequestBodyTimeout, Refusal.SlowRequest),
            (ForwardError.RequestBodyInvalid, Refusal.Malformed),
            (ForwardError.RequestBodyTooLarge, Refusal.Body),
            (ForwardError.RequestTrailersTooLarge, Refusal.Head),
        ],
        Enum.GetValues<ForwardError>().Where(e => ForwardErrorRules.Refusal(e) is not null)
            .Select(e => (e, ForwardErrorRules.Refusal(e)!.Value)));

    [Fact]
    public void Words_AreUnique() =>
        Assert.Equal(Table.Length, Enum.GetValues<ForwardError>().Select(ForwardErrorRules.Word).Distinct().Count());
}
