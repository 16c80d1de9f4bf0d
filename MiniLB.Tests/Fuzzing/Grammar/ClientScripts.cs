using MiniLB.Tests.Fuzzing.Mutators;
using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>Writes how a client sends its messages: one by one or pipelined, in pieces, to the end or not.</summary>
internal static class ClientScripts
{
    private const int PatienceForContinueMs = 20;

    public static List<Step> Write(FuzzRng rng, IReadOnlyList<byte[]> messages)
    {
        var steps = new List<Step>();
        if (rng.Percent(25))
        {
            steps.AddRange(Splitter.Split(rng, [.. messages.SelectMany(m => m)]));
        }
        else
        {
            OneByOne(rng, messages, steps);
        }

        Finish(rng, steps);
        return steps;
    }

    private static void OneByOne(FuzzRng rng, IReadOnlyList<byte[]> messages, List<Step> steps)
    {
        foreach (var message in messages)
        {
            var head = message.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
            if (message.AsSpan().IndexOf("100-continue"u8) >= 0 && head < message.Length && rng.Percent(70))
            {
                steps.Add(Step.Send(message[..head]));
                steps.Add(Step.Of(StepKind.AwaitAny, PatienceForContinueMs));
                steps.Add(Step.Send(message[head..]));
            }
            else
            {
                steps.AddRange(Splitter.Split(rng, message));
            }

            var read = StrictRequestParser.ReadAll(FuzzCase.Joined(steps));
            steps.Add(Step.Of(StepKind.Await, read.Count(m => m.Reading == Reading.Whole)));
        }
    }

    private static void Finish(FuzzRng rng, List<Step> steps)
    {
        if (rng.Percent(6))
        {
            CutOff(rng, steps);
            return;
        }

        var last = StrictRequestParser.ReadAll(FuzzCase.Joined(steps)).LastOrDefault();
        if (last?.Reading is Reading.NeedsHead or Reading.NeedsBody)
        {
            steps.Add(Step.Of(rng.Next(100) switch
            {
                < 70 => StepKind.Close,
                < 97 => StepKind.Reset,
                _ => StepKind.Stall,
            }));
        }
    }

    /// <summary>Leaves in the middle: within a write, or between a request and its answer.</summary>
    private static void CutOff(FuzzRng rng, List<Step> steps)
    {
        var at = rng.Next(steps.Count);
        if (steps[at].Kind == StepKind.Send && steps[at].Bytes.Length > 1)
        {
            steps[at] = Step.Send(steps[at].Bytes[..rng.Next(steps[at].Bytes.Length)]);
            at++;
        }

        steps.RemoveRange(at, steps.Count - at);
        if (rng.Percent(50))
        {
            steps.Add(Step.Of(StepKind.Pause, 1));
        }

        steps.Add(Step.Of(rng.Percent(50) ? StepKind.Reset : StepKind.Close));
    }
}
