namespace MiniLB.Load.Picks;

/// <summary>Threads that do the same at the same moment, kept from one run to the next.</summary>
internal sealed class PickThreads : IDisposable
{
    private readonly Action<int> _work;
    private readonly Thread[] _others;
    private readonly Barrier _begin;
    private readonly Barrier _end;
    private volatile bool _isOver;

    /// <param name="count">Threads, the caller's included.</param>
    /// <param name="work">What each of them does, told which one it is.</param>
    public PickThreads(int count, Action<int> work)
    {
        _work = work;
        (_begin, _end) = (new Barrier(count), new Barrier(count));
        _others = [.. Enumerable.Range(1, count - 1).Select(n => new Thread(() => Follow(n)) { IsBackground = true })];
        Array.ForEach(_others, t => t.Start());
    }

    /// <summary>Has all of them do it once, and waits for the last.</summary>
    public void Run()
    {
        _begin.SignalAndWait();
        _work(0);
        _end.SignalAndWait();
    }

    public void Dispose()
    {
        _isOver = true;
        _begin.SignalAndWait();
        Array.ForEach(_others, t => t.Join());
        _begin.Dispose();
        _end.Dispose();
    }

    private void Follow(int number)
    {
        while (true)
        {
            _begin.SignalAndWait();
            if (_isOver)
            {
                return;
            }

            _work(number);
            _end.SignalAndWait();
        }
    }
}
