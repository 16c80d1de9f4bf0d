using System.Net.Sockets;

namespace MiniLB.Transport.Epoll;

/// <summary>A connected socket that an event loop watches: system calls are made only where they can do
/// something.</summary>
/// <remarks>One read and one write at a time, from any thread. The descriptor is closed by its loop, or by others while
/// none of them uses it: its number may be another connection's a moment later.</remarks>
internal sealed class LoopSocket
{
    /// <summary>The outcome of a call on a socket that we have closed; no error number.</summary>
    public const int Closed = int.MinValue;

    /// <summary>How far <see cref="Foresee"/> goes.</summary>
    public const int FurthestStep = 3;

    // A peer that sends faster than all is passed on must leave the thread to others.
    private const int MostInOneRound = 16;

    // Null for one that was accepted: .NET's own object would ask the system for all that is known already.
    private readonly Socket? _socket;
    private Readiness _input;
    private Turn _turn;

    // Written once: by the loop, and by whoever closes it.
    private volatile bool _hasHungUp;
    private volatile int _isClosed;

    /// <param name="socket">Nothing asynchronous was ever started on it, else .NET would watch it too.</param>
    /// <param name="loop">Watches it.</param>
    /// <param name="user">Reads and writes it.</param>
    public LoopSocket(Socket socket, EventLoop loop, ISocketUser user)
        : this((int)socket.Handle, loop, user) => _socket = socket;

    /// <param name="descriptor">Connected, and nobody else's.</param>
    /// <param name="loop">Watches it.</param>
    /// <param name="user">Reads and writes it.</param>
    public LoopSocket(int descriptor, EventLoop loop, ISocketUser user) =>
        (Descriptor, Loop, User, Output) = (descriptor, loop, user, new LoopOutput(this));

    public EventLoop Loop { get; }

    /// <summary>Reads and writes it.</summary>
    public ISocketUser User { get; }

    /// <summary>Its sending half.</summary>
    public LoopOutput Output { get; }

    public bool IsClosed => _isClosed != 0;

    /// <summary>Where its loop keeps it; negative while that does not watch it.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Begins to be watched.</summary>
    /// <exception cref="SocketException">The system cannot watch it.</exception>
    public void Watch() => Loop.Add(this, Descriptor);

    /// <returns>True where there is nothing to receive yet: the user is resumed once there is. False where a call is
    /// worth it.</returns>
    public bool WaitsForInput() => Waits(ref _input);

    /// <summary>True where a call may find something, be it that the socket is closed.</summary>
    public bool MayReceive => _input.IsReady || IsClosed;

    /// <summary>Takes note that whoever calls takes what there is; see <see cref="HasMoreInput"/>.</summary>
    public bool TakesInput() => _input.TrySpend();

    /// <summary>Counts once more in this round of the loop; false where it is the turn of others.</summary>
    public bool TakesTurn() => !_turn.IsOver(Loop, MostInOneRound);

    /// <summary>There was more than was taken.</summary>
    public void HasMoreInput() => _input.Renew();

    /// <summary>Held, with a look at <see cref="IsClosed"/>, by whoever calls the system with
    /// <see cref="Descriptor"/>.</summary>
    public object Gate => User;

    public int Descriptor { get; }

    /// <summary>Receives at once what there is.</summary>
    /// <param name="into">Where it goes.</param>
    /// <param name="outcome">How many bytes came, 0 at the end; an error number, negated, or <see
    /// cref="Closed"/>.</param>
    /// <returns>False where nothing has come: the user is resumed once something has.</returns>
    public bool TryReceive(Span<byte> into, out int outcome)
    {
        while (!WaitsForInput())
        {
            if (MustLeaveTurn())
            {
                break;
            }

            outcome = ReceiveAtOnce(into);
            if (outcome != -EpollMethods.TryAgain)
            {
                return true;
            }
        }

        outcome = 0;
        return false;
    }

    /// <summary>As <see cref="TryReceive"/>, whatever was told, and without a wait.</summary>
    public int ReceiveAtOnce(Span<byte> into)
    {
        // Noted before the call that uses it up, as an event may come during it.
        _input.Spend();
        var outcome = Receive(into);
        // What came short has emptied the queue, unless an end stands behind it (epoll(7)).
        if (outcome != -EpollMethods.TryAgain && (outcome == into.Length || into.IsEmpty || _hasHungUp))
        {
            _input.Renew();
        }

        return outcome;
    }

    /// <returns>1 where bytes wait, 0 at the end; negative where there are none.</returns>
    public int LookAhead() => Receive(default);

    /// <summary>Has a read that waits look again, which may have been told to end.</summary>
    public void WakeReader() => Wake(ref _input, static u => ((ISocketUser)u).ResumeReading());

    /// <summary>Closes it; whoever waits is resumed.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        if (Loop.IsCurrent)
        {
            CloseNow();
        }
        else
        {
            Loop.Post(static s => ((LoopSocket)s).CloseNow(), this);
        }

        WakeReader();
        Output.Wake();
    }

    /// <summary>Is not told anything any more, but goes on as it is.</summary>
    public void Unwatch() => Loop.Forget(this, Descriptor);

    /// <summary>Fetches what an event will need: at step 0 the socket, at each that follows what is found in the one
    /// before.</summary>
    public void Foresee(int step) => Prefetch.Of(step switch
    {
        0 => this,
        1 => User,
        2 => User.Reader,
        _ => User.Waiting,
    });

    public void Happened(uint what)
    {
        const uint End = EpollMethods.PeerHangUp | EpollMethods.HangUp | EpollMethods.Error;
        var isNews = (what & End) != 0 && !_hasHungUp;
        _hasHungUp |= isNews;
        if ((what & (EpollMethods.In | End)) != 0)
        {
            ResumeReader();
        }

        if ((what & (EpollMethods.Out | EpollMethods.HangUp | EpollMethods.Error)) != 0)
        {
            Output.Happened();
        }

        if (isNews && !IsClosed)
        {
            User.HungUp();
        }
    }

    /// <summary>Has whoever waits for one of its directions look again.</summary>
    public void Wake(ref Readiness direction, Action<object> resume)
    {
        // Why it is woken was written just now; the one who waits reads it after it has said that it waits.
        Interlocked.MemoryBarrier();
        if (direction.Signal())
        {
            Loop.Post(resume, User);
        }
    }

    /// <returns>True where one of its directions is not ready: the user is resumed once it is.</returns>
    public bool Waits(ref Readiness direction)
    {
        if (direction.IsReady || IsClosed || !direction.TryWait())
        {
            return false;
        }

        // Closed at this moment: whoever closes resumes the one who waits, unless it is too early for that.
        return !IsClosed || !direction.Signal();
    }

    /// <returns>True where the user is resumed in the loop's next round.</returns>
    private bool MustLeaveTurn()
    {
        if (!Loop.IsCurrent || IsClosed || TakesTurn())
        {
            return false;
        }

        _input.Spend();
        if (!_input.TryWait())
        {
            return false;
        }

        Loop.Post(static s => ((LoopSocket)s).ResumeReader(), this);
        return true;
    }

    private void ResumeReader()
    {
        if (_input.Signal())
        {
            User.ResumeReading();
        }
    }

    private int Receive(Span<byte> into)
    {
        // The loop closes it, and so needs no lock against that.
        if (Loop.IsCurrent)
        {
            return ReceiveNow(into);
        }

        lock (User)
        {
            return ReceiveNow(into);
        }
    }

    private int ReceiveNow(Span<byte> into) =>
        IsClosed ? Closed
        : into.IsEmpty ? EpollMethods.LookAhead(Descriptor)
        : EpollMethods.Receive(Descriptor, into);

    /// <summary>On the loop, once it is closed for everybody else.</summary>
    public void CloseNow()
    {
        if (Output.ClosesAfterBatch())
        {
            return;
        }

        // Nobody else is in a call when the lock is had.
        lock (User)
        {
            if (Place >= 0)
            {
                Loop.Remove(Place);
            }

            _socket?.Dispose();
            _ = _socket is null ? EpollMethods.Close(Descriptor) : 0;
        }
    }
}
