using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>What a backend's script amounts to: the answer that a client may see of it.</summary>
internal sealed class PlannedAnswer
{
    private const int FewInterims = 4;

    // A write of this size arrives at once.
    private const int LongestJunk = 4096;

    private PlannedAnswer(List<StrictMessage> interims, StrictMessage final, byte[] bytes)
    {
        (Interims, Final) = (interims, final);
        Rest = final.Reading == Reading.Whole ? bytes[final.End..] : [];
    }

    public IReadOnlyList<StrictMessage> Interims { get; }

    public StrictMessage Final { get; }

    /// <summary>What follows the answer: junk, or the bytes of a tunnel.</summary>
    public byte[] Rest { get; }

    public AnswerKind Kind { get; private init; }

    /// <summary>True where the script leaves the balancer waiting for a timeout.</summary>
    public bool Stalls { get; private init; }

    /// <summary>True where the connection may not be used for another request.</summary>
    public bool SpoilsConnection { get; private init; }

    public static PlannedAnswer Read(IReadOnlyList<Step> steps, StrictMessage request)
    {
        var until = steps.TakeWhile(s => s.Kind is not (StepKind.Close or StepKind.Reset or StepKind.Stall)).ToArray();
        var last = until.Length < steps.Count ? steps[until.Length].Kind : StepKind.Pause;
        var ended = last switch
        {
            StepKind.Close => StreamEnd.Closed,
            StepKind.Reset => StreamEnd.Reset,
            _ => StreamEnd.Open,
        };
        var bytes = FuzzCase.Joined(until);
        var interims = new List<StrictMessage>();
        var final = StrictResponseParser.Read(bytes, 0, request, ended, StrictLimits.Response);
        while (final is { Reading: Reading.Whole, Status: < 200 and not 101 })
        {
            interims.Add(final);
            final = StrictResponseParser.Read(bytes, final.End, request, ended, StrictLimits.Response);
        }

        var isEarly = !until.TakeWhile(s => s.Kind != StepKind.Send).Any(s => s.Kind == StepKind.ReadBody);
        var hasBody = request.Framing != Framing.None;
        var stalls = last == StepKind.Stall
            || (ended == StreamEnd.Open && final.Reading is Reading.NeedsHead or Reading.NeedsBody);
        return new PlannedAnswer(interims, final, bytes)
        {
            Stalls = stalls,
            SpoilsConnection = stalls || final.IsBad || JunkCameWithTheEnd(until, final, bytes)
                || final.Lists("Connection", "close") || (final.Minor == 0 && !final.Lists("Connection", "keep-alive")),
            Kind = final.IsUnsure || interims.Any(i => i.IsUnsure) || interims.Count > FewInterims
                || ended == StreamEnd.Reset && final.Reading == Reading.Whole
                || isEarly && hasBody && ended != StreamEnd.Open
                ? AnswerKind.Unsure
                : IsOtherProtocol(request, final) ? AnswerKind.Nonsense
                : KindOf(final.Reading),
        };
    }

    private static bool IsOtherProtocol(StrictMessage request, StrictMessage final) => final.Status == 101
        && !final.Values("Upgrade").Any(granted => request.Lists("Upgrade", granted));

    /// <summary>How much of the next bytes a backend may send: what comes later than the end of an answer may meet the
    /// next request, which nobody can tell from an answer.</summary>
    public int MaySend(int alreadySent, int length)
    {
        if (Final.Reading != Reading.Whole || Final.Status == 101 || alreadySent + length <= Final.End)
        {
            return length;
        }

        return alreadySent < Final.End && length < LongestJunk ? length : Math.Max(0, Final.End - alreadySent);
    }

    private static bool JunkCameWithTheEnd(Step[] steps, StrictMessage final, byte[] bytes)
    {
        var lastSend = steps.LastOrDefault(s => s.Kind == StepKind.Send).Bytes?.Length ?? 0;
        return final is { Reading: Reading.Whole, Status: not 101 } && final.End < bytes.Length
            && final.End > bytes.Length - lastSend && lastSend < LongestJunk;
    }

    private static AnswerKind KindOf(Reading reading) => reading switch
    {
        Reading.Whole => AnswerKind.Whole,
        Reading.NeedsBody or Reading.BadBody => AnswerKind.Broken,
        _ => AnswerKind.Nonsense,
    };
}
