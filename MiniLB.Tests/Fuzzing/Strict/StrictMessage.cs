using System.Buffers;

namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>One request or response as the strict parser reads it.</summary>
internal sealed class StrictMessage(int start)
{
    private readonly ArrayBufferWriter<byte> _body = new();

    public Reading Reading { get; private set; } = Reading.NeedsHead;

    /// <summary>Why the message is bad.</summary>
    public string Fault { get; private set; } = "";

    /// <summary>Why passing it on and refusing it are both right, where they are.</summary>
    public string Doubt { get; private set; } = "";

    public bool IsUnsure => Doubt.Length > 0;

    public bool IsBad => Reading is Reading.BadHead or Reading.BadBody;

    public string Method { get; set; } = "";

    public string Target { get; set; } = "";

    /// <summary>The version after "HTTP/1.".</summary>
    public int Minor { get; set; } = 1;

    public int Status { get; set; }

    public List<StrictField> Fields { get; } = [];

    public List<StrictField> Trailers { get; } = [];

    public Framing Framing { get; set; }

    public long Length { get; set; }

    public bool HasExtensions { get; set; }

    /// <summary>Offsets of the first byte, of the first byte after the head, and of the first after the message.
    /// </summary>
    public int Start { get; } = start;

    public int HeadEnd { get; set; }

    public int End { get; set; }

    /// <summary>The decoded body, so far as it is there.</summary>
    public ReadOnlySpan<byte> Body => _body.WrittenSpan;

    public void Append(ReadOnlySpan<byte> body) => _body.Write(body);

    public StrictMessage Bad(string fault)
    {
        (Reading, Fault) = (Reading == Reading.NeedsHead ? Reading.BadHead : Reading.BadBody, fault);
        return this;
    }

    /// <summary>A fault of the head that shows only when all of it has been read.</summary>
    public StrictMessage BadAsAWhole(string fault)
    {
        (Reading, Fault) = (Reading.BadHead, fault);
        return this;
    }

    public void Doubtful(bool condition, string doubt)
    {
        if (condition && Doubt.Length == 0)
        {
            Doubt = doubt;
        }
    }

    public StrictMessage HeadDone(int end)
    {
        (HeadEnd, End, Reading) = (end, end, Reading.NeedsBody);
        return this;
    }

    public StrictMessage Done(int end)
    {
        (End, Reading) = (end, Reading.Whole);
        return this;
    }

    public IEnumerable<string> Values(string name) => Fields.Where(f => f.Is(name)).Select(f => f.Value);

    /// <summary>True where a list field holds a token, in any case.</summary>
    public bool Lists(string name, string token) => Values(name).SelectMany(v => v.Split(','))
        .Any(t => t.Trim(' ', '\t').Equals(token, StringComparison.OrdinalIgnoreCase));
}
