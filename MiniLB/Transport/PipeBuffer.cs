using System.Buffers;
using MiniLB.Config;

namespace MiniLB.Transport;

/// <summary>What the reader of a pipe has got and its user has not consumed. It holds memory only while there is
/// something.</summary>
internal struct PipeBuffer
{
    // A head fits in; a body that fills it has more behind it.
    private const int Small = 4 * 1024;
    private static readonly int Large = MemoryPlan.Current.LargeBuffer;

    // With one part of so many left it is worth a copy to have all of the room again.
    private const int FewLeft = 16;

    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private int _examined;
    private int _size = Small;

    public PipeBuffer()
    {
    }

    /// <summary>True where there is something that the user has not seen.</summary>
    public readonly bool HasNews => _examined < _end;

    public readonly ReadOnlySequence<byte> Sequence => new(_bytes, _start, _end - _start);

    // What is rented may have room for more than is sent on at once.
    private readonly int RoomLength => Math.Min(_bytes.Length - _end, Large);

    /// <summary>Where more goes; see <see cref="Received"/>.</summary>
    public Span<byte> Room()
    {
        if (_end == 0 && _bytes.Length < _size)
        {
            Release();
            _bytes = ArrayPool<byte>.Shared.Rent(_size);
        }
        else if (_end == _bytes.Length || (_start > 0 && _bytes.Length - _end <= _bytes.Length / FewLeft))
        {
            var from = _bytes;
            // What was consumed makes room; where nothing was, a larger buffer does.
            var to = _start >= from.Length / 2 ? from : ArrayPool<byte>.Shared.Rent(Math.Max(Small, from.Length * 2));
            from.AsSpan(_start, _end - _start).CopyTo(to);
            (_end, _examined, _start) = (_end - _start, _examined - _start, 0);
            if (to != from)
            {
                _bytes = to;
                Return(from);
            }
        }

        return _bytes.AsSpan(_end, RoomLength);
    }

    /// <param name="count">Bytes that were put into the room.</param>
    public void Received(int count)
    {
        _size = count == RoomLength ? Large : count > Small ? _size : Small;
        _end += count;
    }

    public void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (consumed.GetObject() != _bytes)
        {
            return; // there was nothing
        }

        _start = consumed.GetInteger();
        _examined = Math.Max(examined.GetInteger(), _start);
        if (_start == _end)
        {
            // While a request is served its connection holds nothing: a few buffers do for all, and stay in the cache.
            Clear();
        }
    }

    /// <summary>Gives back memory that holds nothing.</summary>
    public void Release()
    {
        if (_end == 0)
        {
            Return(_bytes);
            _bytes = [];
        }
    }

    /// <summary>Forgets what it holds.</summary>
    public void Clear()
    {
        (_start, _end, _examined) = (0, 0, 0);
        Release();
    }

    private static void Return(byte[] bytes)
    {
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
