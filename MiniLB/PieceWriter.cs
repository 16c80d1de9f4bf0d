using System.Buffers;
using MiniLB.RequestPath;

namespace MiniLB;

/// <summary>Hands an answer of our own to the response in pieces of some kilobytes, so that a long one needs no buffer
/// of its own.</summary>
internal sealed class PieceWriter(Exchange exchange) : IBufferWriter<byte>, IDisposable
{
    private const int PieceBytes = 16 * 1024;

    private byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
    private int _written;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _piece.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _piece.AsSpan(_written);
    }

    public void Dispose()
    {
        HandOver();
        ArrayPool<byte>.Shared.Return(_piece);
    }

    private void MakeRoom(int bytes)
    {
        if (_piece.Length - _written >= Math.Max(1, bytes))
        {
            return;
        }

        HandOver();
        if (_piece.Length < bytes)
        {
            ArrayPool<byte>.Shared.Return(_piece);
            _piece = ArrayPool<byte>.Shared.Rent(bytes);
        }
    }

    private void HandOver()
    {
        if (_written > 0)
        {
            exchange.Write(_piece.AsSpan(0, _written));
            exchange.CountAnswered(_written);
            _written = 0;
        }
    }
}
