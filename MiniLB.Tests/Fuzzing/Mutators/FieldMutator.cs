using MiniLB.Tests.Fuzzing.Grammar;

namespace MiniLB.Tests.Fuzzing.Mutators;

/// <summary>Adds, repeats, drops, moves and respells field lines.</summary>
internal static class FieldMutator
{
    public static void Mutate(FuzzRng rng, MessageDraft draft)
    {
        var fields = rng.Percent(15) && draft.Chunks is not null ? draft.Trailers : draft.Fields;
        if (fields.Count == 0)
        {
            fields.Add(rng.Pick(Vocabulary.Hostile));
            return;
        }

        var at = rng.Next(fields.Count);
        switch (rng.Next(9))
        {
            case 0 or 1:
                fields.Insert(at, rng.Pick(Vocabulary.Hostile));
                break;
            case 2:
                fields.Insert(at, rng.Pick(Vocabulary.Acted));
                break;
            case 3:
                fields.Insert(at, rng.Pick(fields));
                break;
            case 4:
                fields.RemoveAt(at);
                break;
            case 5:
                fields[at] = Respelled(rng, fields[at]);
                break;
            case 6:
                fields.Insert(at, "X-Fuzz-Many: 1");
                fields.InsertRange(at, Enumerable.Repeat("X-Fuzz-Many: 2", rng.Skewed(140)));
                break;
            case 7:
                fields[at] += new string('v', rng.Skewed(40_000));
                break;
            default:
                (fields[at], fields[0]) = (fields[0], fields[at]);
                break;
        }
    }

    private static string Respelled(FuzzRng rng, string line)
    {
        var colon = Math.Max(0, line.IndexOf(':', StringComparison.Ordinal));
        return rng.Next(8) switch
        {
            0 => line.ToUpperInvariant(),
            1 => line.Insert(colon, rng.Pick([" ", "\t", "\r\n", "\0", "\v"])),
            2 => line.Insert(Math.Min(line.Length, colon + 1), rng.Pick(["\t", "\r\n ", "  ", "\v", ":"])),
            3 => line + rng.Pick([" ", "\t", "\r", "\0", "\v", ",", "; x"]),
            4 => rng.Pick([" ", "\t", "\0", "-"]) + line,
            5 => line.Replace('-', '_'),
            6 => line + "\r\n " + line,
            _ => line.Replace(":", "", StringComparison.Ordinal),
        };
    }
}
