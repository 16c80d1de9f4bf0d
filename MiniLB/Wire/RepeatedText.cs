using System.Text;

namespace MiniLB.Wire;

/// <summary>Makes text of bytes. Clients repeat themselves: what is the same as last time costs no new
/// string.</summary>
internal struct RepeatedText
{
    private string? _last;

    public string Of(ReadOnlySpan<byte> bytes)
    {
        if (_last is not null && Ascii.Equals(bytes, _last))
        {
            return _last;
        }

        return _last = bytes.IsEmpty ? "" : Encoding.Latin1.GetString(bytes);
    }
}
