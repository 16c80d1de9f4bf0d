using System.Globalization;
using System.Text;

namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>Writes bodies that tell whose they are, and their framing.</summary>
internal static class BodyGrammar
{
    private const int Largest = 192 * 1024;

    /// <summary>Content that begins with an id; some of it reads like messages of its own.</summary>
    public static string Content(FuzzRng rng, string id)
    {
        if (rng.Percent(5))
        {
            return "";
        }

        var smuggled = rng.Next(8) switch
        {
            0 => $"GET /smuggled/{id} HTTP/1.1\r\nHost: {Vocabulary.Host}\r\n\r\n",
            1 => $"0\r\n\r\nPOST /smuggled/{id} HTTP/1.1\r\nHost: {Vocabulary.Host}\r\nContent-Length: 3\r\n\r\nabc",
            2 => $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{id}",
            3 => "\r\n\r\n",
            4 => "\0\u00ff\r\n0\r\n",
            _ => "",
        };
        var size = rng.Percent(1) ? rng.Skewed(Largest) * 8 : rng.Skewed(2000);
        return id + smuggled + new string((char)('a' + rng.Next(26)), Math.Min(size, Largest));
    }

    /// <summary>Frames a body by its length or in chunks.</summary>
    public static void Frame(FuzzRng rng, MessageDraft draft, string content, bool chunked)
    {
        if (!chunked)
        {
            Insert(rng, draft, $"Content-Length: {content.Length}");
            draft.Body = content;
            return;
        }

        Insert(rng, draft, "Transfer-Encoding: chunked");
        draft.Chunks = [];
        for (var at = 0; at < content.Length;)
        {
            var size = Math.Min(content.Length - at, 1 + rng.Skewed(content.Length));
            draft.Chunks.Add(new ChunkDraft(SizeLine(rng, size), content.Substring(at, size), "\r\n"));
            at += size;
        }

        draft.LastChunk = rng.Percent(85) ? "0" : rng.Pick(["000", "0;last", "0;a=b;c"]);
        while (rng.Percent(12))
        {
            draft.Trailers.Add(rng.Pick(Vocabulary.Trailers));
        }
    }

    public static void Insert(FuzzRng rng, MessageDraft draft, string line) =>
        draft.Fields.Insert(rng.Next(draft.Fields.Count + 1), line);

    private static string SizeLine(FuzzRng rng, int size)
    {
        var text = new StringBuilder(size.ToString(rng.Percent(50) ? "x" : "X", CultureInfo.InvariantCulture));
        if (rng.Percent(8))
        {
            text.Insert(0, "0", rng.Next(6));
        }

        if (rng.Percent(8))
        {
            text.Append(rng.Pick([";a", ";a=b", ";a;b=c", " ;a", ";a=" + new string('b', 300)]));
        }

        return text.ToString();
    }
}
