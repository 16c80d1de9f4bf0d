namespace MiniLB.Transport.Epoll;

/// <summary>One event loop for each processor that the process may use.</summary>
internal sealed class EventLoops
{
    private readonly EventLoop[] _loops;

    public EventLoops()
        : this(Environment.ProcessorCount)
    {
    }

    public EventLoops(int count)
    {
        _loops = new EventLoop[count];
        for (var i = 0; i < count; i++)
        {
            _loops[i] = new EventLoop(i);
        }
    }

    /// <summary>Those of the process; null where .NET's own sockets are used instead. Set before the first
    /// connection.</summary>
    public static EventLoops? OfProcess { get; set; }

    public IReadOnlyList<EventLoop> All => _loops;

    /// <summary>The caller's own one, so that nothing crosses threads; for other threads the one that has
    /// least.</summary>
    public EventLoop Nearest => EventLoop.Current ?? Idlest;

    /// <summary>The one with the fewest sockets.</summary>
    public EventLoop Idlest
    {
        get
        {
            var idlest = _loops[0];
            foreach (var loop in _loops)
            {
                idlest = loop.Sockets < idlest.Sockets ? loop : idlest;
            }

            return idlest;
        }
    }
}
