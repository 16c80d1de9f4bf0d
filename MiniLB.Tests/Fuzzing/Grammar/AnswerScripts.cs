using System.Text;
using MiniLB.Tests.Fuzzing.Mutators;
using MiniLB.Tests.Fuzzing.Oracle;
using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>Writes what a backend does with one request: answers well, oddly, wrongly, in pieces, early, or breaks
/// off.</summary>
internal static class AnswerScripts
{
    private static readonly string[] Junk =
    [
        "x", "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged", "HTTP/1.1 200 OK\r\n\r\n",
        "0\r\n\r\n", "\0\0",
    ];

    public static IReadOnlyList<Step> Write(FuzzRng rng, string id, StrictMessage request)
    {
        var steps = new List<Step>();
        if (!rng.Percent(5))
        {
            steps.Add(Step.Of(StepKind.ReadBody));
        }

        if (rng.Percent(2))
        {
            steps.Add(Step.Of(rng.Percent(50) ? StepKind.Close : StepKind.Reset));
            return steps;
        }

        var bytes = Bytes(rng, id);
        if (rng.Percent(7))
        {
            bytes = bytes[..rng.Next(bytes.Length)];
        }

        steps.AddRange(Splitter.Split(rng, bytes));
        if (End(rng, steps, request) is { } end)
        {
            steps.Add(Step.Of(end));
        }

        return steps;
    }

    private static byte[] Bytes(FuzzRng rng, string id)
    {
        var text = new StringBuilder();
        while (rng.Percent(8))
        {
            text.Append(rng.Pick(Vocabulary.Interims));
        }

        var draft = AnswerGrammar.Write(rng, id);
        if (rng.Percent(3))
        {
            draft.Start = rng.Pick(Vocabulary.BadStatusLines);
        }

        var final = rng.Percent(22) ? MessageMutator.Mutate(rng, draft) : draft.Render();
        var junk = rng.Percent(4) ? rng.Pick(Junk) : "";
        return [.. Encoding.Latin1.GetBytes(text.ToString()), .. final, .. Encoding.Latin1.GetBytes(junk)];
    }

    /// <summary>An answer that waits for an end gets one, but for a few that show the timeouts.</summary>
    private static StepKind? End(FuzzRng rng, List<Step> steps, StrictMessage request)
    {
        if (PlannedAnswer.Read(steps, request).Stalls)
        {
            return rng.Next(100) switch
            {
                < 80 => StepKind.Close,
                < 98 => StepKind.Reset,
                _ => StepKind.Stall,
            };
        }

        return rng.Next(100) switch
        {
            < 3 => StepKind.Close,
            < 4 => StepKind.Reset,
            _ => null,
        };
    }
}
