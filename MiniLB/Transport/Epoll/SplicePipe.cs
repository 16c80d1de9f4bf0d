using MiniLB.Config;

namespace MiniLB.Transport.Epoll;

/// <summary>A pipe of the system, through which bytes go from one socket to another without passing through
/// us.</summary>
/// <remarks>Used on the loop of both sockets alone. A thread keeps a few that are empty.</remarks>
internal sealed class SplicePipe
{
    // A pipe holds 64 KiB (pipe(7)); larger ones gain little, and what a slow client does not take waits in it.
    private const int MostBytes = MemoryPlan.LongPiece;
    private const int MostKept = 16;

    // Of the process: beyond it bytes are copied, which takes no descriptors. The system allows a user without
    // privileges 1,024 (pipe(7)).
    private static readonly int Most = MemoryPlan.Current.IsTight ? 0 : 128;
    private static int _open;

    [ThreadStatic]
    private static Stack<SplicePipe>? _kept;

    private readonly int _readEnd;
    private readonly int _writeEnd;

    private SplicePipe(int readEnd, int writeEnd) => (_readEnd, _writeEnd) = (readEnd, writeEnd);

    /// <summary>Bytes that are in it.</summary>
    public int Length { get; private set; }

    /// <returns>Null where there are enough of them.</returns>
    public static SplicePipe? Take()
    {
        if (_kept is not null && _kept.TryPop(out var kept))
        {
            return kept;
        }

        if (Interlocked.Increment(ref _open) <= Most
            && EpollMethods.TryMakePipe(out var readEnd, out var writeEnd))
        {
            return new SplicePipe(readEnd, writeEnd);
        }

        Interlocked.Decrement(ref _open);
        return null;
    }

    /// <summary>Leaves it to others, or to nobody where something is left in it.</summary>
    public void GiveBack()
    {
        _kept ??= new Stack<SplicePipe>();
        if (Length == 0 && _kept.Count < MostKept)
        {
            _kept.Push(this);
            return;
        }

        Length = 0;
        Interlocked.Decrement(ref _open);
        _ = EpollMethods.Close(_readEnd);
        _ = EpollMethods.Close(_writeEnd);
    }

    /// <summary>Moves what a socket has received; it must be empty.</summary>
    /// <returns>How many bytes; 0 or less where there are none, it is the turn of others, or the system does not do it:
    /// a receive tells which.</returns>
    public int Fill(LoopSocket from, long most)
    {
        if (from.IsClosed || !from.Loop.IsCurrent || !from.TakesTurn())
        {
            return 0;
        }

        from.Loop.Batch.Send(); // small pieces are not to wait for this
        var outcome = EpollMethods.Splice(from.Descriptor, _writeEnd, (int)Math.Min(most, MostBytes));
        // Also where there was nothing: only a receive that finds nothing says that nothing is there.
        from.HasMoreInput();
        Length += Math.Max(outcome, 0);
        return outcome;
    }

    /// <summary>Moves as much as a socket takes.</summary>
    /// <param name="to">Whose user is resumed where it takes nothing yet.</param>
    /// <param name="outcome">How many bytes were taken; an error number, negated.</param>
    /// <returns>False where it takes none.</returns>
    public bool TryEmpty(LoopSocket to, out int outcome)
    {
        for (var isSpent = false; (outcome = Empty(to)) == -EpollMethods.TryAgain; isSpent = true)
        {
            if (isSpent && to.Output.Waits())
            {
                return false;
            }

            to.Output.Spend();
        }

        Length -= Math.Max(outcome, 0);
        return true;
    }

    private int Empty(LoopSocket to) => to.IsClosed ? LoopSocket.Closed
        : !to.Output.IsSettled() ? -EpollMethods.TryAgain
        : EpollMethods.Splice(_readEnd, to.Descriptor, Length) is var moved and not 0 ? moved
        : -EpollMethods.BrokenPipe;
}
