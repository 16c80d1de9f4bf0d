namespace MiniLB.Transport.Epoll;

/// <summary>The sending half of a socket of an event loop. A small piece that the loop sends is accepted at once and
/// leaves with the loop's <see cref="SendBatch"/>.</summary>
/// <remarks>One send at a time, from any thread. What follows a piece that has not left waits for it.</remarks>
internal sealed class LoopOutput(LoopSocket socket)
{
    private Readiness _readiness;

    // 1 while something that was accepted is not with the system; written by the loop, read by whoever sends.
    private int _owes;

    // What the system has not taken of a piece, and what is to follow it. The loop's.
    private byte[] _left = [];
    private bool _endsAfter;
    private bool _closesAfter;

    // Written by the loop.
    private volatile bool _hasFailed;

    /// <summary>True where something that was accepted could not be sent: whoever receives may see an end instead of a
    /// break.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>Bytes that were accepted and that the system does not take yet.</summary>
    public int Left => Volatile.Read(ref _left).Length;

    /// <returns>True where nothing can be sent yet: the user is resumed once it can.</returns>
    public bool Waits() => socket.Waits(ref _readiness);

    /// <summary>Takes note that whoever calls sends as much as the system takes.</summary>
    public void Spend() => _readiness.Spend();

    /// <summary>Sends as much as the system takes.</summary>
    /// <param name="bytes">What is sent.</param>
    /// <param name="mayWait">Whether the user wants to be resumed.</param>
    /// <param name="outcome">How many bytes were taken; an error number, negated, or <see cref="LoopSocket.Closed"/>.
    /// </param>
    /// <returns>False where it takes none: the user is resumed once it does.</returns>
    public bool TrySend(ReadOnlySpan<byte> bytes, bool mayWait, out int outcome)
    {
        for (var isSpent = false; (outcome = Send(bytes, default)) == -EpollMethods.TryAgain; isSpent = true)
        {
            if (!mayWait || (isSpent && Waits()))
            {
                return false;
            }

            Spend();
        }

        return true;
    }

    /// <summary>Sends as much of two parts as the system takes now.</summary>
    /// <returns>How many bytes were taken; an error number, negated, or <see cref="LoopSocket.Closed"/>.</returns>
    public int Send(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!socket.Loop.IsCurrent)
        {
            // The loop may close it at any time; and what it still has to send comes first.
            lock (socket.Gate)
            {
                return socket.IsClosed ? LoopSocket.Closed
                    : Volatile.Read(ref _owes) != 0 ? -EpollMethods.TryAgain
                    : SendNow(first, second);
            }
        }

        if (socket.IsClosed || !IsSettled())
        {
            return socket.IsClosed ? LoopSocket.Closed : -EpollMethods.TryAgain;
        }

        if (!_hasFailed && socket.Loop.Batch.TryAdd(this, first, second))
        {
            Volatile.Write(ref _owes, 1);
            return first.Length + second.Length;
        }

        if (first.Length + second.Length > SendBatch.LongestPiece)
        {
            // Long transfers take turns of the loop that small pieces are not to wait for.
            socket.Loop.Batch.Send();
        }

        return SendNow(first, second);
    }

    /// <returns>True where not all of what was accepted has left yet: the user is resumed once it has.</returns>
    public bool WaitsToSettle()
    {
        for (; Volatile.Read(ref _owes) != 0 && !socket.IsClosed; Spend())
        {
            if (Waits())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>On the loop: sends what was accepted before.</summary>
    /// <returns>False where the system does not take all of it.</returns>
    public bool IsSettled()
    {
        if (_owes != 0)
        {
            socket.Loop.Batch.Send();
        }

        return _owes == 0;
    }

    /// <summary>A piece of a batch; for the batch alone.</summary>
    public void Send(ReadOnlySpan<byte> piece)
    {
        var left = SendRest(piece);
        if (left == 0)
        {
            Settle();
        }
        else if (_closesAfter)
        {
            GiveUp();
        }
        else
        {
            Volatile.Write(ref _left, piece[^left..].ToArray());
        }
    }

    /// <summary>What was accepted does not leave any more. Who receives sees a break: an end would look as if it were
    /// complete.</summary>
    public void GiveUp()
    {
        _hasFailed = true;
        Volatile.Write(ref _left, []);
        _ = EpollMethods.ResetAtClose(socket.Descriptor);
        Settle();
    }

    /// <summary>The system may take more.</summary>
    public void Happened()
    {
        if (_left.Length > 0)
        {
            var left = SendRest(_left);
            Volatile.Write(ref _left, _left[^left..]);
            if (left == 0)
            {
                Settle();
            }
        }
        else if (_readiness.Signal())
        {
            socket.User.ResumeWriting();
        }
    }

    /// <summary>Has whoever waits look again.</summary>
    public void Wake() => socket.Wake(ref _readiness, static u => ((ISocketUser)u).ResumeWriting());

    /// <summary>Ends our side once what was accepted has left.</summary>
    public void End()
    {
        if (!socket.Loop.IsCurrent)
        {
            socket.Loop.Post(static o => ((LoopOutput)o).End(), this);
        }
        else if (_owes != 0)
        {
            _endsAfter = true;
        }
        else if (!socket.IsClosed)
        {
            _ = EpollMethods.EndOutput(socket.Descriptor);
        }
    }

    /// <summary>On the loop, at the close: true where it is put off until the loop's batch has left, as a piece of that
    /// is the socket's. What the system does not take is given up.</summary>
    public bool ClosesAfterBatch()
    {
        if (_left.Length > 0)
        {
            GiveUp();
        }

        _closesAfter = _owes != 0;
        return _closesAfter;
    }

    private int SendNow(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        second.IsEmpty
            ? EpollMethods.Send(socket.Descriptor, first)
            : EpollMethods.Send(socket.Descriptor, first, second);

    /// <returns>How many bytes are left; none where they cannot be sent any more.</returns>
    private int SendRest(ReadOnlySpan<byte> bytes)
    {
        // Until it takes none: only then does the system tell when it takes more.
        while (!bytes.IsEmpty
            && EpollMethods.Send(socket.Descriptor, bytes) is var outcome and not -EpollMethods.TryAgain)
        {
            _hasFailed |= outcome < 0;
            bytes = outcome < 0 ? default : bytes[outcome..];
        }

        return bytes.Length;
    }

    // Nothing that was accepted is left.
    private void Settle()
    {
        // A full fence: whoever finds that something is owed says that it waits, and looks again.
        Interlocked.Exchange(ref _owes, 0);
        if (_readiness.Signal())
        {
            socket.Loop.Post(static u => ((ISocketUser)u).ResumeWriting(), socket.User);
        }

        if (_endsAfter)
        {
            End();
        }

        if (_closesAfter)
        {
            socket.CloseNow();
        }
    }
}
