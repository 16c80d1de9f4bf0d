using System.Text;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Judges one answer that a client received against its request and the backend's script.</summary>
internal static class AnswerRules
{
    // Below the timeouts that the program under test is given, so that a slow machine is no finding.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(2);

    public static IEnumerable<(string Kind, string Detail)> Judge(
        LiveCase live, int index, ClientAnswer answer, Transcript transcript)
    {
        var (message, plan) = (live.Messages[index], live.Plans[index]);
        var final = answer.Final;
        if (final.IsBad)
        {
            return [("malformed answer to a client", final.Fault)];
        }

        if (final.Reading == Reading.NeedsHead)
        {
            // Whoever ends in the middle of its body has left.
            return transcript.Left || message.Reading != Reading.Whole || plan.Kind != AnswerKind.Whole
                ? []
                : [("answer head cut off", "")];
        }

        if (message.Minor == 0 && (final.Framing == Framing.Chunked || answer.Interims.Count > 0))
        {
            return [("HTTP/1.1 answer to an HTTP/1.0 client", $"{final.Framing}")];
        }

        if (OwnAnswer.IsError(final) || RequestHeadRules.IsOwn(message)
            || (RequestHeadRules.MayBeOwn(message) && live.Arrivals(index) == 0))
        {
            return JudgeOwn(live, index, final);
        }

        return message.Reading switch
        {
            Reading.BadHead => [("malformed request answered", $"{message.Fault}: {final.Status}")],
            Reading.NeedsHead => [("unfinished request answered", $"{final.Status}")],
            _ => PassedRules.Judge(message, plan, answer, transcript),
        };
    }

    private static IEnumerable<(string Kind, string Detail)> JudgeOwn(LiveCase live, int index, StrictMessage final)
    {
        var (message, plan) = (live.Messages[index], live.Plans[index]);
        if (RequestHeadRules.MayBeOwn(message))
        {
            yield break;
        }

        if (final.Status < 500 && message.IsBad && !final.Lists("Connection", "close"))
        {
            yield return ("refused without Connection: close", $"{final.Status} {message.Fault}");
        }

        if (final.Status == 500)
        {
            yield return ("internal error", message.Fault);
        }
        else if (message is { Reading: Reading.Whole, IsUnsure: false } && live.Age.Elapsed < Prompt)
        {
            if (final.Status < 500 || final.Status is 501 or 505)
            {
                yield return ("well-formed request refused", $"{final.Status}");
            }
            else if (plan.Kind == AnswerKind.Whole && !MayHaveMetAnEnd(live, index))
            {
                var said = Encoding.Latin1.GetString(final.Body);
                yield return ("good answer not passed on", $"{final.Status} for {plan.Final.Status}: {said}");
            }
        }
    }

    /// <summary>A kept connection may end at the moment of reuse; what may not be repeated is then answered 502.
    /// </summary>
    private static bool MayHaveMetAnEnd(LiveCase live, int index)
    {
        var message = live.Messages[index];
        return live.Arrivals(index) == 0
            && (!Methods.MayBeRepeated(message.Method) || message.Body.Length > 0);
    }
}
