namespace MiniLB.Wire;

/// <summary>Takes chunked framing apart (RFC 9112 section 7.1), in whatever pieces it arrives.</summary>
/// <remarks>Extensions are dropped; trailer fields are collected. Reused from body to body.</remarks>
internal sealed class ChunkedDecoder
{
    // Size and extensions of a chunk; nobody needs them, and endless ones have been used to exhaust servers.
    private const int LongestChunkLine = 1024;

    // Extensions in all, beside the data: a byte of data a chunk must not cost a kilobyte each for ever.
    private const long MostOverhead = 64 * 1024;

    // Of 64 bits; leading zeros beyond them have been used to make one recipient's number overflow.
    private const int MostSizeDigits = 16;

    private byte[] _held = [];
    private Part _part;
    private HeadLimits _trailerLimits;
    private int _heldLength;
    private int _trailerBytes;
    private long _overhead;

    private enum Part
    {
        Size,
        Data,
        DataEnd,
        Trailers,
        Done,
    }

    public FieldList Trailers { get; } = new();

    /// <summary>Bytes of data left in the chunk at hand.</summary>
    public long LeftInChunk { get; private set; }

    public bool IsDone => _part == Part.Done;

    public WireError Error { get; private set; }

    public void Begin(in HeadLimits trailerLimits)
    {
        Trailers.Clear();
        _trailerLimits = trailerLimits;
        (_part, _heldLength, _trailerBytes, _overhead, LeftInChunk, Error) = (Part.Size, 0, 0, 0, 0, WireError.None);
    }

    /// <summary>Takes framing and at most one run of data off the front of the input.</summary>
    /// <param name="input">What has arrived.</param>
    /// <param name="consumed">How much of it was taken, the data included.</param>
    /// <returns>The data; empty where more input is needed, the body is done, or there is an error.</returns>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> input, out int consumed)
    {
        consumed = 0;
        while (consumed < input.Length && !IsDone && Error == WireError.None)
        {
            if (_part == Part.Data)
            {
                var length = (int)Math.Min(LeftInChunk, input.Length - consumed);
                var data = input.Slice(consumed, length);
                consumed += length;
                LeftInChunk -= length;
                _part = LeftInChunk == 0 ? Part.DataEnd : Part.Data;
                return data;
            }

            consumed += TakeLine(input[consumed..]);
        }

        return default;
    }

    // Lines are taken whole where they arrive whole, else held until their end has come.
    private int TakeLine(ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf((byte)'\n');
        var taken = end < 0 ? input : input[..(end + 1)];
        if (_heldLength == 0 && end >= 0)
        {
            Error = EndLine(taken);
            return taken.Length;
        }

        var longest = 2 + (_part == Part.Trailers ? _trailerLimits.Bytes : LongestChunkLine);
        if (_heldLength + taken.Length > longest)
        {
            Error = _part == Part.Trailers ? WireError.HeadTooLarge : WireError.ChunkLineTooLong;
            return taken.Length;
        }

        Hold(taken);
        var line = _held.AsSpan(0, _heldLength);
        _heldLength = end < 0 ? _heldLength : 0;
        Error = end < 0 ? CheckPart(line) : EndLine(line);
        return taken.Length;
    }

    private void Hold(ReadOnlySpan<byte> part)
    {
        if (_heldLength + part.Length > _held.Length)
        {
            Array.Resize(ref _held, Math.Max(_held.Length * 2, _heldLength + part.Length));
        }

        part.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += part.Length;
    }

    // Nonsense without a line end would otherwise be waited for until a time limit.
    private WireError CheckPart(ReadOnlySpan<byte> part) => _part switch
    {
        Part.Size when !char.IsAsciiHexDigit((char)part[0]) => WireError.Chunk,
        Part.DataEnd when part[0] != '\r' || part.Length > 1 => WireError.Chunk,
        _ => WireError.None,
    };

    private WireError EndLine(ReadOnlySpan<byte> line)
    {
        if (!EndsInCarriageReturn(line))
        {
            return WireError.Chunk;
        }

        line = line[..^2];
        switch (_part)
        {
            case Part.Size:
                return EndSize(line);
            case Part.DataEnd:
                _part = Part.Size;
                return line.IsEmpty ? WireError.None : WireError.Chunk;
            default:
                return EndTrailer(line);
        }
    }

    private static bool EndsInCarriageReturn(ReadOnlySpan<byte> line) => line.EndsWith("\r\n"u8);

    private WireError EndSize(ReadOnlySpan<byte> line)
    {
        var digits = line.IndexOfAny(" \t;"u8) is var at and >= 0 ? line[..at] : line;
        var extension = line[digits.Length..];
        _overhead += extension.Length;
        if (!AllowsLine(line.Length) || !AllowsOverhead(_overhead))
        {
            return WireError.ChunkLineTooLong;
        }

        if (!AllowsDigits(digits.Length) || !Numbers.TryHexadecimal(digits, out var size) || !IsExtension(extension))
        {
            return WireError.Chunk;
        }

        LeftInChunk = size;
        _part = size == 0 ? Part.Trailers : Part.Data;
        return WireError.None;
    }

    private static bool AllowsLine(int length) => length <= LongestChunkLine;

    private static bool AllowsOverhead(long bytes) => bytes <= MostOverhead;

    private static bool AllowsDigits(int count) => count <= MostSizeDigits;

    // Blanks may stand before the semicolon only, and nothing may hide in an extension that others take for a line.
    private static bool IsExtension(ReadOnlySpan<byte> extension) =>
        extension.IsEmpty || (extension.TrimStart(" \t"u8).StartsWith((byte)';') && Syntax.IsFieldValue(extension));

    private WireError EndTrailer(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            _part = Part.Done;
            return WireError.None;
        }

        _trailerBytes += line.Length + 2;
        return !_trailerLimits.AllowsBytes(_trailerBytes) ? WireError.HeadTooLarge
            : !_trailerLimits.AllowsAnother(Trailers.Count) ? WireError.TooManyFields
            : FieldLines.ParseLine(line, Trailers);
    }
}
