using MiniLB.Wire;

namespace MiniLB.RequestPath.Balance;

/// <summary>Finds a cookie among those that a client sends (RFC 6265 section 4.2).</summary>
internal static class Cookies
{
    /// <returns>False where the client sends none of that name; of several, the first counts.</returns>
    public static bool Find(FieldList fields, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        for (var i = 0; fields.Has(FieldId.Cookie) && i < fields.Count; i++)
        {
            var field = fields[i];
            if (field.Id == FieldId.Cookie && FindInLine(field.Value, name, ref value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool FindInLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref ReadOnlySpan<byte> value)
    {
        foreach (var range in line.Split((byte)';'))
        {
            var pair = line[range].Trim(" \t"u8);
            if (pair.Length > name.Length && pair[name.Length] == '=' && pair[..name.Length].SequenceEqual(name))
            {
                value = pair[(name.Length + 1)..];
                return true;
            }
        }

        return false;
    }
}
