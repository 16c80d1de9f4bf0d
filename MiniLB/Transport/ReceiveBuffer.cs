using System.Buffers;
using MiniLB.Config;

namespace MiniLB.Transport;

/// <summary>What has been received on one connection and not used yet.</summary>
/// <param name="isRented">Whether memory is held only while something is in it: a few buffers then do for all
/// connections, and stay in the processor's cache.</param>
internal struct ReceiveBuffer(bool isRented)
{
    private const int Small = 8 * 1024;
    private static readonly int Large = MemoryPlan.Current.LargeBuffer;

    private byte[] _bytes = isRented ? [] : new byte[Small];
    private int _size = Small;
    private int _start;
    private int _end;

    public readonly ReadOnlySpan<byte> Received => _bytes.AsSpan(_start, _end - _start);

    public readonly bool IsEmpty => _end == _start;

    public void Consume(int count)
    {
        _start += count;
        if (_start < _end)
        {
            return;
        }

        _start = _end = 0;
        if (isRented && _bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    /// <summary>Receives long bodies from now on.</summary>
    public void ExpectMuch()
    {
        _size = Large;
        if (!isRented && _bytes.Length < Large)
        {
            Array.Resize(ref _bytes, Large);
        }
    }

    /// <summary>Expects nothing for now; it must be empty.</summary>
    public void Rest()
    {
        _size = Small;
        if (!isRented && _bytes.Length > Small)
        {
            _bytes = new byte[Small];
        }
    }

    /// <returns>Where more goes, behind what was received before.</returns>
    public Memory<byte> Room()
    {
        if (_bytes.Length == 0)
        {
            _bytes = ArrayPool<byte>.Shared.Rent(_size);
        }
        else if (_end == _bytes.Length && _start > 0)
        {
            Received.CopyTo(_bytes);
            (_start, _end) = (0, _end - _start);
        }
        else if (_end == _bytes.Length)
        {
            Grow();
        }

        // What is rented may have room for more than is sent on at once.
        return _bytes.AsMemory(_end, Math.Min(_bytes.Length - _end, _size));
    }

    public void Add(int count) => _end += count;

    private void Grow()
    {
        var size = Math.Max(_size, _bytes.Length * 2);
        var larger = isRented ? ArrayPool<byte>.Shared.Rent(size) : new byte[size];
        Received.CopyTo(larger);
        if (isRented)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        (_bytes, _start, _end) = (larger, 0, _end - _start);
    }
}
