using MiniLB.Wire;

namespace MiniLB.RequestPath.Balance;

/// <summary>The values of the cookies of one name that a client sends, the first one first (RFC 6265 section
/// 4.2).</summary>
/// <remarks>Quotes around a value belong to it (section 4.1.1).</remarks>
internal ref struct Cookies(FieldList fields, ReadOnlySpan<byte> name)
{
    private readonly FieldList _fields = fields;
    private readonly ReadOnlySpan<byte> _name = name;
    private ReadOnlySpan<byte> _rest;
    private int _next = fields.Has(FieldId.Cookie) ? 0 : fields.Count;

    /// <returns>False where there is no further one.</returns>
    public bool TryNext(out ReadOnlySpan<byte> value)
    {
        while (!_rest.IsEmpty || TryNextLine())
        {
            var end = _rest.IndexOf((byte)';');
            var pair = (end < 0 ? _rest : _rest[..end]).Trim(" \t"u8);
            _rest = end < 0 ? default : _rest[(end + 1)..];
            if (pair.Length > _name.Length && pair[_name.Length] == '=' && pair.StartsWith(_name))
            {
                value = pair[(_name.Length + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }

    private bool TryNextLine()
    {
        while (_next < _fields.Count)
        {
            var field = _fields[_next++];
            if (field.Id == FieldId.Cookie && !field.Value.IsEmpty)
            {
                _rest = field.Value;
                return true;
            }
        }

        return false;
    }
}
