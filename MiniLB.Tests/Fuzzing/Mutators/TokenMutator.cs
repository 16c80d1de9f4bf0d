using System.Text;
using MiniLB.Tests.Fuzzing.Grammar;

namespace MiniLB.Tests.Fuzzing.Mutators;

/// <summary>Cuts a message at its separators and replaces, repeats, drops or swaps the pieces.</summary>
internal static class TokenMutator
{
    public static byte[] Mutate(FuzzRng rng, byte[] bytes)
    {
        var tokens = Split(bytes);
        var at = rng.Next(tokens.Count);
        var mark = Encoding.Latin1.GetBytes(rng.Pick(Vocabulary.Marks));
        switch (rng.Next(6))
        {
            case 0:
                tokens[at] = mark;
                break;
            case 1:
                tokens.Insert(at, mark);
                break;
            case 2:
                tokens.Insert(at, rng.Pick(tokens));
                break;
            case 3:
                tokens.RemoveAt(at);
                break;
            case 4:
                var other = rng.Next(tokens.Count);
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            default:
                ReplaceLineEnd(rng, tokens);
                break;
        }

        return [.. tokens.SelectMany(t => t)];
    }

    private static void ReplaceLineEnd(FuzzRng rng, List<byte[]> tokens)
    {
        var ends = Enumerable.Range(0, tokens.Count).Where(i => tokens[i] is [(byte)'\r', ..]).ToArray();
        if (ends.Length > 0)
        {
            tokens[rng.Pick(ends)] = Encoding.Latin1.GetBytes(
                rng.Pick(["\n", "\r", "\r\r\n", "\n\r", "\r\n ", "\r\n\t", " \r\n", "\r\n\r\n", "\0\r\n"]));
        }
    }

    /// <summary>Words and separators, at most a few hundred; CRLF is one.</summary>
    private static List<byte[]> Split(byte[] bytes)
    {
        var tokens = new List<byte[]>();
        var start = 0;
        for (var i = 0; i < bytes.Length && tokens.Count < 300; i++)
        {
            if (bytes[i] is not ((byte)' ' or (byte)':' or (byte)'\r' or (byte)',' or (byte)';' or (byte)'/'))
            {
                continue;
            }

            if (i > start)
            {
                tokens.Add(bytes[start..i]);
            }

            var end = bytes[i] == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n' ? i + 2 : i + 1;
            tokens.Add(bytes[i..end]);
            start = end;
            i = end - 1;
        }

        tokens.Add(bytes[start..]);
        return tokens;
    }
}
