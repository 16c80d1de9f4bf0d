using System.Text;

namespace MiniLB.Wire;

/// <summary>The field lines of one head or trailer section, as bytes and in the order in which they came.</summary>
/// <remarks>Reused from message to message. Spans handed out are valid until the next <see cref="Clear"/> or
/// addition.</remarks>
internal sealed class FieldList
{
    private const int SmallBytes = 1024;
    private const int SmallCount = 16;
    private const int LargestKeptBytes = 16 * 1024;

    private byte[] _bytes = new byte[SmallBytes];
    private Line[] _lines = new Line[SmallCount];
    private int _used;
    private uint _present;

    public int Count { get; private set; }

    public FieldLine this[int index]
    {
        get
        {
            ref var line = ref _lines[index];
            var bytes = _bytes.AsSpan(line.Start, line.NameLength + line.ValueLength);
            return new FieldLine(bytes[..line.NameLength], bytes[line.NameLength..], line.Id, line.Passes);
        }
    }

    public void Clear()
    {
        // One large head must not stay for the life of a connection.
        if (_bytes.Length > LargestKeptBytes)
        {
            _bytes = new byte[SmallBytes];
            _lines = new Line[SmallCount];
        }

        (Count, _used, _present) = (0, 0, 0);
    }

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Add(name, value, FieldNames.Identify(name));

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, FieldId id)
    {
        if (_used + name.Length + value.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + name.Length + value.Length));
        }

        if (Count == _lines.Length)
        {
            Array.Resize(ref _lines, Count * 2);
        }

        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        _lines[Count++] = new Line(_used, name.Length, value.Length, id, Passes: true);
        _used += name.Length + value.Length;
        _present |= 1u << (int)id;
    }

    /// <summary>Adds a field of our own making; characters above Latin-1 cannot occur in what MiniLB writes.</summary>
    public void Add(ReadOnlySpan<byte> name, string value)
    {
        Span<byte> small = stackalloc byte[256];
        var bytes = value.Length <= small.Length ? small[..value.Length] : new byte[value.Length];
        Encoding.Latin1.GetBytes(value, bytes);
        Add(name, bytes);
    }

    /// <summary>Marks a line as one that ends here and is not written to the next hop.</summary>
    public void Hold(int index) => _lines[index] = _lines[index] with { Passes = false };

    public bool Has(FieldId id) => (_present & (1u << (int)id)) != 0;

    public int CountOf(FieldId id)
    {
        var count = 0;
        for (var i = 0; Has(id) && i < Count; i++)
        {
            count += _lines[i].Id == id ? 1 : 0;
        }

        return count;
    }

    /// <returns>The value of the first line of that name; empty where there is none.</returns>
    public ReadOnlySpan<byte> First(FieldId id)
    {
        for (var i = 0; Has(id) && i < Count; i++)
        {
            if (_lines[i].Id == id)
            {
                return this[i].Value;
            }
        }

        return default;
    }

    /// <returns>The values of all lines of that name joined by ", ", each byte a character; null where there is
    /// none.</returns>
    public string? Text(FieldId id)
    {
        string? text = null;
        for (var i = 0; Has(id) && i < Count; i++)
        {
            if (_lines[i].Id == id)
            {
                var value = Encoding.Latin1.GetString(this[i].Value);
                text = text is null ? value : $"{text}, {value}";
            }
        }

        return text;
    }

    /// <summary>True where a line of that name lists the word, in any case.</summary>
    public bool Lists(FieldId id, ReadOnlySpan<byte> word)
    {
        for (var i = 0; Has(id) && i < Count; i++)
        {
            if (_lines[i].Id == id && ListSyntax.Contains(this[i].Value, word))
            {
                return true;
            }
        }

        return false;
    }

    private readonly record struct Line(int Start, int NameLength, int ValueLength, FieldId Id, bool Passes);
}
