using MiniLB.Tests.Fuzzing.Grammar;

namespace MiniLB.Tests.Fuzzing.Mutators;

/// <summary>Applies a few mutations of all levels to a message and gives its bytes.</summary>
internal static class MessageMutator
{
    public static byte[] Mutate(FuzzRng rng, MessageDraft draft)
    {
        var rounds = rng.Percent(75) ? 1 : 2 + rng.Next(2);
        var levels = Enumerable.Range(0, rounds).Select(_ => rng.Next(100)).ToArray();
        foreach (var level in levels)
        {
            if (level < 30)
            {
                FramingMutator.Mutate(rng, draft);
            }
            else if (level < 55)
            {
                FieldMutator.Mutate(rng, draft);
            }
        }

        var bytes = draft.Render();
        foreach (var level in levels)
        {
            bytes = level < 55 ? bytes
                : level < 78 ? TokenMutator.Mutate(rng, bytes)
                : ByteMutator.Mutate(rng, bytes);
        }

        return bytes;
    }
}
