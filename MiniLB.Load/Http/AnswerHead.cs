using System.Buffers.Text;
using System.Text;

namespace MiniLB.Load.Http;

/// <summary>Reads the head of an answer: what it says of its body and of who made it.</summary>
internal ref struct AnswerHead
{
    /// <summary>A body that ends with the connection.</summary>
    public const long UntilTheEnd = -1;

    private AnswerHead(int status, bool isKept) => (Status, IsKept, Length) = (status, isKept, UntilTheEnd);

    public int Status { get; }

    public bool IsKept { get; private set; }

    public bool IsChunked { get; private set; }

    public long Length { get; private set; }

    /// <summary>The value of the field that was asked for; empty where there is none.</summary>
    public ReadOnlySpan<byte> Backend { get; private set; }

    /// <param name="head">All lines, the empty one excluded.</param>
    /// <param name="backendField">The name of the field that says who answered.</param>
    /// <exception cref="InvalidDataException">It is no answer.</exception>
    public static AnswerHead Parse(ReadOnlySpan<byte> head, ReadOnlySpan<byte> backendField)
    {
        if (head.Length < 12 || !head.StartsWith("HTTP/1."u8)
            || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out var digits) || digits != 3)
        {
            throw new InvalidDataException("the status line is not one of HTTP/1.x");
        }

        var answer = new AnswerHead(status, isKept: head[7] == '1');
        var rest = After(head, head.IndexOf("\r\n"u8));
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf("\r\n"u8);
            answer.ReadField(end < 0 ? rest : rest[..end], backendField);
            rest = After(rest, end);
        }

        return answer;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> lines, int end) => end < 0 ? [] : lines[(end + 2)..];

    private void ReadField(ReadOnlySpan<byte> line, ReadOnlySpan<byte> backendField)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            throw new InvalidDataException("a header line has no name");
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim((byte)' ');
        if (Ascii.EqualsIgnoreCase(name, "content-length"u8))
        {
            if (!Utf8Parser.TryParse(value, out long length, out var used) || used != value.Length || length < 0)
            {
                throw new InvalidDataException("Content-Length is no number");
            }

            Length = length;
        }
        else if (Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8))
        {
            IsChunked = Ascii.EqualsIgnoreCase(value, "chunked"u8);
        }
        else if (Ascii.EqualsIgnoreCase(name, "connection"u8))
        {
            IsKept = Ascii.EqualsIgnoreCase(value, "keep-alive"u8)
                || (IsKept && !Ascii.EqualsIgnoreCase(value, "close"u8));
        }
        else if (Ascii.EqualsIgnoreCase(name, backendField))
        {
            Backend = value;
        }
    }
}
