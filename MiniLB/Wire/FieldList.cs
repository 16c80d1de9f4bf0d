using System.Text;
using MiniLB.Async;

namespace MiniLB.Wire;

/// <summary>The field lines of one head or trailer section, as bytes and in the order in which they came.</summary>
/// <remarks>Reused from message to message. Spans handed out are valid until the next <see cref="Clear"/>,
/// <see cref="LetGo"/> or addition. Memory is taken with the first field and kept until <see cref="LetGo"/>: a few
/// pieces of it do for all connections of a thread, and stay in the processor's cache.</remarks>
internal sealed class FieldList
{
    private const int SmallBytes = 1024;
    private const int SmallCount = 16;
    private const int LargestKeptBytes = 16 * 1024;

    private byte[] _bytes = [];
    private Line[] _lines = [];
    private Room? _room;
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
            LetGo();
        }

        (Count, _used, _present) = (0, 0, 0);
    }

    /// <summary>Has no field any more, nor memory for one; the thread that calls it has that for others.</summary>
    public void LetGo()
    {
        _room?.GiveBack();
        (_room, _bytes, _lines) = (null, [], []);
        (Count, _used, _present) = (0, 0, 0);
    }

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Add(name, value, FieldNames.Identify(name));

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, FieldId id)
    {
        if (Count == _lines.Length || _used + name.Length + value.Length > _bytes.Length)
        {
            MakeRoom(name.Length + value.Length);
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

    private void MakeRoom(int more)
    {
        if (_room is null)
        {
            _room = Room.Take();
            (_bytes, _lines) = (_room.Bytes, _room.Lines);
        }

        if (_used + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + more));
        }

        if (Count == _lines.Length)
        {
            Array.Resize(ref _lines, Count * 2);
        }
    }

    /// <summary>Memory for the fields of a usual message.</summary>
    private sealed class Room
    {
        // As many requests as a busy thread has in flight, with an answer each; what is above is left to the collector.
        private const int MostKept = 512;

        [ThreadStatic]
        private static Room? _kept;

        [ThreadStatic]
        private static bool _isListed;

        private Room? _next;
        private int _depth;

        public byte[] Bytes { get; } = new byte[SmallBytes];

        public Line[] Lines { get; } = new Line[SmallCount];

        public static Room Take()
        {
            if (_kept is not { } room)
            {
                return Made();
            }

            _kept = room._next;
            room._next = null;
            return room;
        }

        private static Room Made()
        {
            if (!_isListed)
            {
                Spares.Add(static () => _kept = null);
                _isListed = true;
            }

            return new Room();
        }

        public void GiveBack()
        {
            var depth = _kept is { } kept ? kept._depth + 1 : 1;
            if (depth <= MostKept)
            {
                (_next, _depth) = (_kept, depth);
                _kept = this;
            }
        }
    }

    private readonly record struct Line(int Start, int NameLength, int ValueLength, FieldId Id, bool Passes);
}
