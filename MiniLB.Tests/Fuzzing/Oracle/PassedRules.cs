using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Judges an answer that came from a backend: it must be the one that was planned, and look whole only where
/// it is.</summary>
internal static class PassedRules
{
    private static readonly string[] Own =
    [
        "Date", "Connection", "Content-Length", "Transfer-Encoding", "Keep-Alive", "Via", "Trailer",
    ];

    public static IEnumerable<(string Kind, string Detail)> Judge(
        StrictMessage message, PlannedAnswer plan, ClientAnswer answer, Transcript transcript)
    {
        var (final, planned) = (answer.Final, plan.Final);
        if (plan.Kind == AnswerKind.Nonsense || planned.Reading is Reading.NeedsHead or Reading.BadHead)
        {
            return plan.Kind == AnswerKind.Unsure
                ? []
                : [("nonsense passed on", $"{planned.Fault} {planned.Reading}: {final.Status}")];
        }

        if (final.Status != planned.Status || !SameBody(planned, final))
        {
            return [("wrong answer", $"{final.Status} with {final.Body.Length} bytes for {planned.Status} with "
                + $"{planned.Body.Length}; {plan.Kind}")];
        }

        if (final.Reading == Reading.Whole)
        {
            var isCut = planned.Reading != Reading.Whole || final.Body.Length != planned.Body.Length;
            return isCut
                ? [("broken answer looks whole", $"{final.Framing}, {final.Body.Length} bytes, {plan.Kind}")]
                : JudgeFields(message, plan, answer);
        }

        // A body that the close ends is spoilt by bytes that its client sent after a request that was to be the last.
        var isSpoiltByClient = final.Framing == Framing.UntilClose && transcript.SentMoreThan(message)
            && final.Body.Length == planned.Body.Length;
        var isDue = plan.Kind == AnswerKind.Whole && message.Reading == Reading.Whole && !transcript.Left;
        return isDue && !isSpoiltByClient
            ? [("good answer cut off", $"{final.Body.Length} of {planned.Body.Length} bytes")]
            : [];
    }

    private static bool SameBody(StrictMessage planned, StrictMessage final) => planned.Body.StartsWith(final.Body);

    private static IEnumerable<(string Kind, string Detail)> JudgeFields(
        StrictMessage message, PlannedAnswer plan, ClientAnswer answer)
    {
        foreach (var field in answer.Final.Fields.Where(f => !Own.Any(f.Is)))
        {
            if (!plan.Final.Fields.Any(f => f.Is(field.Name)))
            {
                yield return ("field that the backend did not send", field.ToString());
            }
        }

        if (FuzzFields.Difference(plan.Final, answer.Final) is { } difference)
        {
            yield return ("answer field changed", difference);
        }

        var wanted = plan.Interims.Select(i => i.Status).ToList();
        foreach (var interim in answer.Interims)
        {
            var at = wanted.IndexOf(interim.Status);
            if (at < 0 && !(interim.Status == 100 && message.Values("Expect").Any()))
            {
                yield return ("interim answer that the backend did not send", $"{interim.Status}");
            }

            wanted.RemoveRange(0, at + 1);
        }

        wanted.RemoveAll(s => s is not (100 or 102 or 103));
        if (wanted.Count > 0 && message.Minor > 0 && plan.Kind == AnswerKind.Whole)
        {
            yield return ("interim answer lost", string.Join(' ', wanted));
        }
    }
}
