using MiniLB.Load.Engine;

namespace MiniLB.Tests.Load.Engine;

/// <summary>A clock that a wait moves to its moment at once; what is due on the way happens on the way.</summary>
internal sealed class FakeLoadClock : LoadClock
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Action, TimeSpan> _due = new();
    private TimeSpan _now;

    public override TimeSpan Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    public void At(TimeSpan moment, Action happens)
    {
        lock (_lock)
        {
            _due.Enqueue(happens, moment);
        }
    }

    public override void WaitUntil(TimeSpan moment, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && TakeDue(moment) is { } happens)
        {
            happens();
        }
    }

    private Action? TakeDue(TimeSpan moment)
    {
        lock (_lock)
        {
            if (_due.TryPeek(out var happens, out var at) && at <= moment)
            {
                _due.Dequeue();
                _now = at > _now ? at : _now;
                return happens;
            }

            _now = moment > _now ? moment : _now;
            return null;
        }
    }
}
