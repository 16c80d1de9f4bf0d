using System.Text;

namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>A message before it becomes bytes; text is Latin-1, one character a byte.</summary>
internal sealed class MessageDraft(string start)
{
    public string Start { get; set; } = start;

    public List<string> Fields { get; } = [];

    public string Body { get; set; } = "";

    /// <summary>Chunks in place of the body; null where the message has none.</summary>
    public List<ChunkDraft>? Chunks { get; set; }

    public string LastChunk { get; set; } = "0";

    public List<string> Trailers { get; } = [];

    public byte[] Render()
    {
        var text = new StringBuilder(Start).Append("\r\n");
        Lines(text, Fields);
        text.Append(Body);
        if (Chunks is not null)
        {
            foreach (var chunk in Chunks)
            {
                text.Append(chunk.Render());
            }

            text.Append(LastChunk).Append("\r\n");
            Lines(text, Trailers);
        }

        return Encoding.Latin1.GetBytes(text.ToString());
    }

    private static void Lines(StringBuilder text, List<string> lines)
    {
        foreach (var line in lines)
        {
            text.Append(line).Append("\r\n");
        }

        text.Append("\r\n");
    }
}
