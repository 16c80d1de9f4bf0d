using System.Globalization;
using MiniLB.Tests.Fuzzing.Mutators;
using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>Makes the case that belongs to a seed and a number, always the same one.</summary>
internal static class CaseGenerator
{
    private const int MostRequests = 7;

    public static FuzzCase Create(ulong seed, long number)
    {
        var rng = FuzzRng.For(seed, number);
        var name = string.Create(CultureInfo.InvariantCulture, $"{seed}-{number}");
        var id = rng.NextBits().ToString("x16", CultureInfo.InvariantCulture);
        if (rng.Percent(2))
        {
            return TunnelGrammar.Write(rng, name, id);
        }

        var messages = new List<byte[]>();
        var answers = new List<IReadOnlyList<Step>>();
        var mutated = new List<int>();
        for (var i = rng.Skewed(MostRequests - 1); i >= 0; i--)
        {
            var draft = RequestGrammar.Write(rng, $"{id}.{messages.Count}");
            var method = draft.Start[..draft.Start.IndexOf(' ', StringComparison.Ordinal)];
            if (rng.Percent(45))
            {
                mutated.Add(messages.Count);
                messages.Add(MessageMutator.Mutate(rng, draft));
            }
            else
            {
                messages.Add(draft.Render());
            }

            var request = new StrictMessage(0) { Method = method };
            answers.Add(AnswerScripts.Write(rng, $"{id}.{answers.Count}r", request));
        }

        return new FuzzCase(name, ClientScripts.Write(rng, messages), answers) { Mutated = mutated };
    }
}
