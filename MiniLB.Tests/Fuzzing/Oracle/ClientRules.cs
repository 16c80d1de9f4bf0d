using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>Judges all that a client received on one connection.</summary>
internal static class ClientRules
{
    public static void Judge(LiveCase live, Transcript transcript)
    {
        if (transcript.TimedOut)
        {
            live.Report("connection neither answered nor closed", $"{live.Age.Elapsed.TotalSeconds:0.0} s");
            return;
        }

        var answers = transcript.Stream.Answers;
        for (var i = 0; i < answers.Count; i++)
        {
            if (i >= live.Messages.Count)
            {
                if (i == live.Messages.Count && IsAboutRest(live, transcript, answers[i].Final))
                {
                    return;
                }

                live.Report("answer that nobody asked for", $"answer {i}: {answers[i].Final.Status}");
                return;
            }

            foreach (var (kind, detail) in AnswerRules.Judge(live, i, answers[i], transcript))
            {
                live.Report(kind, $"answer {i}: {detail}");
            }
        }

        JudgeMissing(live, transcript);
        JudgeTunnel(live, transcript);
    }

    /// <summary>True for a refusal of what the client sent behind its last message.</summary>
    private static bool IsAboutRest(LiveCase live, Transcript transcript, StrictMessage answer) =>
        answer.Status is >= 400 and < 500 && answer.Lists("Connection", "close")
        && live.Messages.Count > 0 && transcript.SentMoreThan(live.Messages[^1]);

    private static void JudgeMissing(LiveCase live, Transcript transcript)
    {
        var answers = transcript.Stream.Answers;
        var next = answers.Count;
        if (transcript.Left || next >= live.Messages.Count)
        {
            return;
        }

        var message = live.Messages[next];
        var mayBeMissing = (live.LastIsOpen && next == live.Messages.Count - 1)
            || live.Plans[next].Kind is AnswerKind.Broken or AnswerKind.Unsure
            || (next > 0 && EndsConnection(live, next - 1, answers[^1].Final));
        if (!mayBeMissing)
        {
            live.Report(
                message.IsBad ? "malformed request not answered" : "request not answered",
                $"message {next}: {message.Method} {message.Reading} {message.Fault}; {transcript.Ended}");
        }
    }

    /// <summary>True where nothing need come after an answer.</summary>
    private static bool EndsConnection(LiveCase live, int index, StrictMessage answer) =>
        answer.Lists("Connection", "close") || answer.Reading != Reading.Whole || live.Messages[index].Minor == 0
        || answer.Framing == Framing.UntilClose || live.Messages[index].Reading != Reading.Whole;

    private static void JudgeTunnel(LiveCase live, Transcript transcript)
    {
        if (transcript.Stream.TunnelStart < 0 || live.TunnelStart < 0)
        {
            return;
        }

        var wanted = live.Plans[^1].Rest;
        var got = transcript.Stream.Received[transcript.Stream.TunnelStart..];
        if (!wanted.AsSpan().StartsWith(got))
        {
            live.Report("tunnel changed towards the client", $"{got.Length} of {wanted.Length} bytes");
        }
        else if (transcript is { Left: false, Ended: StreamEnd.Closed } && got.Length < wanted.Length)
        {
            live.Report("tunnel cut off towards the client", $"{got.Length} of {wanted.Length} bytes");
        }
    }
}
