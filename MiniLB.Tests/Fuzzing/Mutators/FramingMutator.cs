using System.Globalization;
using MiniLB.Tests.Fuzzing.Grammar;

namespace MiniLB.Tests.Fuzzing.Mutators;

/// <summary>Makes lengths, codings and chunks disagree with the body or with one another.</summary>
internal static class FramingMutator
{
    public static void Mutate(FuzzRng rng, MessageDraft draft)
    {
        if (draft.Chunks is { Count: > 0 } chunks && rng.Percent(65))
        {
            MutateChunks(rng, draft, chunks);
            return;
        }

        var at = draft.Fields.FindIndex(IsFraming);
        switch (rng.Next(6))
        {
            case 0 when at >= 0:
                draft.Fields[at] = Changed(rng, draft.Fields[at]);
                break;
            case 1 when at >= 0:
                draft.Fields.Insert(rng.Next(draft.Fields.Count), Changed(rng, draft.Fields[at]));
                break;
            case 2:
                draft.Fields.Insert(rng.Next(draft.Fields.Count + 1), "Transfer-Encoding: chunked");
                break;
            case 3:
                draft.Fields.Insert(rng.Next(draft.Fields.Count + 1), $"Content-Length: {rng.Skewed(3000)}");
                break;
            case 4:
                draft.Body = draft.Body[..(draft.Body.Length / 2)];
                break;
            default:
                draft.Body += rng.Pick(
                    ["x", "\r\n", "\0", "0\r\n\r\n", "GET /smuggled HTTP/1.1\r\nHost: fuzz.test\r\n\r\n"]);
                break;
        }
    }

    private static void MutateChunks(FuzzRng rng, MessageDraft draft, List<ChunkDraft> chunks)
    {
        var at = rng.Next(chunks.Count);
        var chunk = chunks[at];
        switch (rng.Next(8))
        {
            case 0:
                chunks[at] = chunk with { SizeLine = rng.Pick(Vocabulary.ChunkSizes) };
                break;
            case 1:
                chunks[at] = chunk with { SizeLine = WithExtension(rng, chunk.SizeLine) };
                break;
            case 2:
                var ends = (string[])["", "\n", "\r", "\r\r\n", "x\r\n", "\n\r", "\r\n\r\n", "\0\0"];
                chunks[at] = chunk with { End = rng.Pick(ends) };
                break;
            case 3:
                var size = chunk.Data.Length + rng.Next(5) - 2;
                chunks[at] = chunk with { SizeLine = size.ToString("x", CultureInfo.InvariantCulture) };
                break;
            case 4:
                chunks.Insert(at, new ChunkDraft("0", "", ""));
                break;
            case 5:
                draft.LastChunk = rng.Pick(["", "0 ", "0;\n", "00000000000000000", "0x0", "-0", "0\r", "0\n", "1"]);
                break;
            case 6:
                draft.Trailers.Add(rng.Pick(Vocabulary.Hostile));
                break;
            default:
                chunks[at] = chunk with { SizeLine = new string('0', rng.Skewed(20)) + chunk.SizeLine };
                break;
        }
    }

    private static string WithExtension(FuzzRng rng, string line) => line + rng.Pick(
        ["", ";a=\"b\"", ";\0", ";a\nb", ";a\rb", "\n", " ", "\t;", ";=", ";" + new string('e', rng.Skewed(3000))]);

    private static string Changed(FuzzRng rng, string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var (name, value) = (line[..colon], line[(colon + 1)..].Trim());
        return rng.Next(7) switch
        {
            0 => $"{name}: {value}, {value}",
            1 => $"{name}: {rng.Pick(["+", "-", "0x", "\v", "\0", "\"", "0", "00000000000000000000", ","])}{value}",
            2 => $"{name}: {value}{rng.Pick([" ", "\t", "\v", ",", ";", ".0", "\u00a0", "\r", "e1"])}",
            3 => long.TryParse(value, out var n) ? $"{name}: {Math.Max(0, n + rng.Next(7) - 3)}" : $"{name}: x{value}",
            4 => $"{name} : {value}",
            5 => $"{name}:\r\n {value}",
            _ => $"{name}: {value.ToUpperInvariant()}",
        };
    }

    private static bool IsFraming(string line) => line.Contains(':', StringComparison.Ordinal)
        && (line.StartsWith("Content-Length", StringComparison.OrdinalIgnoreCase)
            || line.StartsWith("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
}
