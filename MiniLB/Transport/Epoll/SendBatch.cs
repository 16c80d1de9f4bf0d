namespace MiniLB.Transport.Epoll;

/// <summary>What one round of an event loop has to send: small pieces wait for the round's end and leave one after
/// another, so that whoever receives several of them is woken once.</summary>
/// <remarks>To wake somebody on another processor is most of what a small send costs. Used by its loop alone.</remarks>
internal sealed class SendBatch
{
    /// <summary>Longer ones keep whoever receives them busy, and are not worth a copy.</summary>
    public const int LongestPiece = 4 * 1024;

    // About what a second-level cache has room for besides.
    private const int MostBytes = 64 * 1024;
    private const int MostPieces = 64;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(MostBytes);
    private readonly Piece[] _pieces = new Piece[MostPieces];
    private int _count;
    private int _length;

    /// <summary>False where the round has only one thing to do: then nobody is woken twice.</summary>
    public bool IsWorthIt { get; set; }

    /// <summary>Keeps a piece, given in two parts, for the end of the round.</summary>
    /// <returns>False where it is better sent at once.</returns>
    public bool TryAdd(LoopOutput output, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var length = first.Length + second.Length;
        if (!IsWorthIt || length is 0 or > LongestPiece)
        {
            return false;
        }

        if (_count == MostPieces || length > MostBytes - _length)
        {
            Send();
        }

        first.CopyTo(_bytes.AsSpan(_length));
        second.CopyTo(_bytes.AsSpan(_length + first.Length));
        _pieces[_count++] = new Piece(output, length);
        _length += length;
        return true;
    }

    /// <summary>Sends them all, in their order.</summary>
    public void Send()
    {
        var start = 0;
        for (var i = 0; i < _count; i++)
        {
            var (output, length) = _pieces[i];
            _pieces[i] = default; // a connection that has ended is not kept alive
            Send(output, _bytes.AsSpan(start, length));
            start += length;
        }

        (_count, _length) = (0, 0);
    }

    // One connection's trouble, be it that there is no memory for it, must not be that of the others.
    private static void Send(LoopOutput output, ReadOnlySpan<byte> piece)
    {
        try
        {
            output.Send(piece);
        }
        catch (Exception e)
        {
            output.GiveUp();
            EventLoop.Failed?.Invoke(e);
        }
    }

    private readonly record struct Piece(LoopOutput Output, int Length);
}
