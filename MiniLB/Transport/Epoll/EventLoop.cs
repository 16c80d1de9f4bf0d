using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniLB.Transport.Epoll;

/// <summary>One thread that waits for all its sockets at once and goes on with whatever waits for them.</summary>
internal sealed class EventLoop
{
    private const int MostEvents = 256;

    // Registered under a number that no socket has.
    private const ulong WakeUp = ulong.MaxValue;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly int _epoll;
    private readonly int _wakeUp;
    private readonly ConcurrentQueue<(Action<object> Callback, object State)> _posted = new();
    private readonly Lock _changing = new();
    private readonly Stack<int> _free = new();

    // Written under the lock. A place's generation tells an event of its last socket from one of its next.
    private volatile Place[] _places = new Place[64];
    private int _used;
    private int _sockets;
    private int _isWoken;

    /// <param name="index">Counted from 0.</param>
    /// <exception cref="SocketException">There are no descriptors left.</exception>
    public EventLoop(int index)
    {
        Index = index;
        _epoll = Opened(EpollMethods.CreateEpoll(EpollMethods.CloseOnExec));
        _wakeUp = Opened(EpollMethods.CreateEvent(0, EpollMethods.CloseOnExec | EpollMethods.NonBlocking));
        Register(_wakeUp, EpollMethods.In, WakeUp);
        new Thread(Run) { IsBackground = true, Name = $"event loop {index}" }.Start();
    }

    /// <summary>Is told of what nobody has caught; set once. One connection's trouble must not end the
    /// others.</summary>
    public static Action<Exception>? Failed { get; set; }

    /// <summary>The loop that runs the caller; null for any other thread.</summary>
    public static EventLoop? Current => _current;

    public int Index { get; }

    /// <summary>How many it serves.</summary>
    public int Sockets => Volatile.Read(ref _sockets);

    /// <summary>Counts the rounds: whatever happens between two waits is in the same.</summary>
    public int Round { get; private set; }

    public bool IsCurrent => _current == this;

    /// <summary>What the round is to send.</summary>
    public SendBatch Batch { get; } = new();

    /// <summary>Has the loop call something, after whatever it is doing.</summary>
    public void Post(Action<object> callback, object state)
    {
        _posted.Enqueue((callback, state));
        if (!IsCurrent && Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            _ = EpollMethods.Write(_wakeUp, 1, sizeof(ulong));
        }
    }

    /// <summary>Whoever awaits it goes on on the loop's thread.</summary>
    public LoopEntry EnterAsync() => new(this);

    /// <summary>Tells the socket from now on what happens to it.</summary>
    /// <exception cref="SocketException">The system cannot watch it.</exception>
    public void Add(LoopSocket socket, int descriptor)
    {
        int place;
        lock (_changing)
        {
            if (!_free.TryPop(out place))
            {
                place = _used++;
                if (place == _places.Length)
                {
                    var larger = _places;
                    Array.Resize(ref larger, place * 2);
                    _places = larger;
                }
            }

            _places[place].Socket = socket;
            socket.Place = place;
        }

        Interlocked.Increment(ref _sockets);
        try
        {
            const uint All = EpollMethods.In | EpollMethods.Out | EpollMethods.PeerHangUp | EpollMethods.EdgeTriggered;
            Register(descriptor, All, ((ulong)(uint)_places[place].Generation << 32) | (uint)place);
        }
        catch (SocketException)
        {
            socket.Place = -1;
            Remove(place);
            throw;
        }
    }

    /// <summary>Its descriptor is about to be closed, which ends the system's watching too.</summary>
    public void Remove(int place)
    {
        lock (_changing)
        {
            _places[place].Socket = null;
            _places[place].Generation++;
            _free.Push(place);
        }

        Interlocked.Decrement(ref _sockets);
    }

    /// <summary>As <see cref="Remove"/>, where the descriptor stays open, here or in another process.</summary>
    public unsafe void Forget(LoopSocket socket, int descriptor)
    {
        if (socket.Place >= 0)
        {
            _ = EpollMethods.Control(_epoll, EpollMethods.Delete, descriptor, null);
            Remove(socket.Place);
            socket.Place = -1;
        }
    }

    private unsafe void Run()
    {
        _current = this;
        var size = EpollMethods.EventBytes;
        var events = stackalloc byte[MostEvents * size];
        while (true)
        {
            var count = EpollMethods.Wait(_epoll, events, MostEvents, _posted.IsEmpty ? -1 : 0);
            Round++;
            Batch.IsWorthIt = count > 1 || !_posted.IsEmpty;
            for (var i = 0; i < count; i++)
            {
                var happened = events + (i * size);
                Foresee(happened, count - i);
                Tell(
                    Unsafe.ReadUnaligned<uint>(happened),
                    Unsafe.ReadUnaligned<ulong>(happened + EpollMethods.DataOffset));
            }

            Batch.Send();
            // No more than there are now: what they post comes after the sockets.
            for (var left = _posted.Count; left > 0 && _posted.TryDequeue(out var posted); left--)
            {
                Call(posted);
            }

            Batch.Send();
        }
    }

    // With a thousand connections what an event needs is no longer in the processor's cache, and each part is found
    // through another. So that none of them is waited for, the next four events are prepared meanwhile, each of them a
    // step further.
    private unsafe void Foresee(byte* happened, int left)
    {
        var places = _places;
        for (var step = 0; Prefetch.IsSupported && step <= LoopSocket.FurthestStep; step++)
        {
            var ahead = LoopSocket.FurthestStep + 1 - step;
            if (ahead >= left)
            {
                continue;
            }

            var place = (uint)Unsafe.ReadUnaligned<ulong>(
                happened + (ahead * EpollMethods.EventBytes) + EpollMethods.DataOffset);
            if (place < (uint)places.Length)
            {
                places[place].Socket?.Foresee(step);
            }
        }
    }

    private void Tell(uint what, ulong whom)
    {
        if (whom == WakeUp)
        {
            _ = EpollMethods.Read(_wakeUp, out _, sizeof(ulong));
            Interlocked.Exchange(ref _isWoken, 0);
            return;
        }

        var (socket, generation) = _places[(uint)whom];
        if (socket is null || (uint)generation != whom >> 32)
        {
            return;
        }

        try
        {
            socket.Happened(what);
        }
        catch (Exception e)
        {
            Failed?.Invoke(e);
        }
    }

    private static void Call((Action<object> Callback, object State) posted)
    {
        try
        {
            posted.Callback(posted.State);
        }
        catch (Exception e)
        {
            Failed?.Invoke(e);
        }
    }

    private unsafe void Register(int descriptor, uint what, ulong whom)
    {
        var wanted = stackalloc byte[EpollMethods.EventBytes];
        Unsafe.WriteUnaligned(wanted, what);
        Unsafe.WriteUnaligned(wanted + EpollMethods.DataOffset, whom);
        Opened(EpollMethods.Control(_epoll, EpollMethods.Add, descriptor, wanted));
    }

    private static int Opened(int result) =>
        result >= 0 ? result : throw SocketErrors.Of(Marshal.GetLastPInvokeError());

    private struct Place
    {
        public LoopSocket? Socket;
        public int Generation;

        public readonly void Deconstruct(out LoopSocket? socket, out int generation) =>
            (socket, generation) = (Volatile.Read(in Socket), Volatile.Read(in Generation));
    }
}
