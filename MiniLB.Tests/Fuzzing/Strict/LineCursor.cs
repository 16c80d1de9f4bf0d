namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>Takes lines that end in CRLF, and in nothing else, from the front of some bytes.</summary>
internal ref struct LineCursor(ReadOnlySpan<byte> bytes, int position)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; } = position;

    /// <summary>Why there is no line; null where the bytes end before the line does.</summary>
    public string? Fault { get; private set; }

    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        var rest = _bytes[Position..];
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        line = end < 0 ? rest : rest[..end];
        if (end < 0 || (rest[end] == '\r' && end + 1 == rest.Length))
        {
            return false;
        }

        if (rest[end] == '\n' || rest[end + 1] != '\n')
        {
            Fault = rest[end] == '\n' ? "bare LF" : "bare CR";
            return false;
        }

        Position += end + 2;
        return true;
    }
}
