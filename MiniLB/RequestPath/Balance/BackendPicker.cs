using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Takes a backend for an attempt: the one that the client is bound to, or the strategy's, or, where all are
/// full, the first that has room again.</summary>
internal sealed class BackendPicker
{
    private readonly World _world;
    private readonly int _pool;
    private readonly BalanceStrategy _strategy;
    private readonly RequestQueue _queue;

    /// <param name="world">Where the pool is found again after a wait.</param>
    /// <param name="pool">The pool's position.</param>
    /// <param name="strategy">The pool's.</param>
    public BackendPicker(World world, int pool, BalanceStrategy strategy)
    {
        (_world, _pool, _strategy) = (world, pool, strategy);
        _queue = new RequestQueue(world.Current.Pools[pool].Options.Queue);
        world.Changed += () => _queue.Serve(freed: null);
    }

    /// <summary>Requests that wait.</summary>
    public int Waiting => _queue.Count;

    /// <returns>A backend whose attempt has begun, or why there is none.</returns>
    public ValueTask<Picked> TakeAsync(Exchange exchange, in PickRequest request, Backend? bound)
    {
        if (bound is not null && request.Excluded.Contains(bound))
        {
            bound = null;
        }

        // Nobody overtakes those who wait.
        if (_queue.Count == 0 || !IsAnywhere(exchange.Pool, request.Excluded))
        {
            if (TryTake(exchange.Pool, request, bound, out var isFull) is { } backend)
            {
                return new ValueTask<Picked>(new Picked(backend, ForwardError.None));
            }

            if (!isFull)
            {
                return new ValueTask<Picked>(new Picked(null, ForwardError.NoneAvailable));
            }
        }

        return WaitAsync(exchange, request, bound);
    }

    /// <summary>Says that an attempt has ended.</summary>
    public void MadeRoom(Backend backend) => _queue.Serve(backend);

    private async ValueTask<Picked> WaitAsync(Exchange exchange, PickRequest request, Backend? bound)
    {
        var waiting = new QueuedRequest(
            takesAny: bound is null && request.Excluded.IsEmpty, freed => TryTake(freed, request, bound));
        if (!_queue.TryJoin(waiting))
        {
            // It may be full of those who wait for one backend, while others have room.
            var backend = TryTake(freed: null, request, bound);
            return new Picked(backend, backend is null ? ForwardError.QueueFull : ForwardError.None);
        }

        exchange.Timer.Wait(TimeLimit.Queue, exchange.Pool.Options.Queue.Timeout);
        await using var ended = exchange.Timer.Token.UnsafeRegister(_ => _queue.Leave(waiting), null);
        if (await waiting.Turn is { } taken)
        {
            exchange.Timer.Wait(TimeLimit.None, TimeSpan.Zero);
            return new Picked(taken, ForwardError.None);
        }

        return new Picked(null, exchange.Timer.Cause);
    }

    private Backend? TryTake(Backend? freed, in PickRequest request, Backend? bound)
    {
        var pool = _world.Current.Pools[_pool];
        if (freed is null)
        {
            return TryTake(pool, request, bound, out _);
        }

        var isWanted = bound is not null && pool[bound].ServesSessions
            ? bound == freed
            : !request.Excluded.Contains(freed) && Array.IndexOf(pool.Candidates, freed) >= 0;
        return isWanted && freed.TryBegin(ofSession: bound == freed) ? freed : null;
    }

    private Backend? TryTake(PoolSnapshot pool, in PickRequest request, Backend? bound, out bool isFull)
    {
        isFull = false;
        if (bound is not null && pool[bound].ServesSessions && !request.Excluded.Contains(bound))
        {
            isFull = !bound.TryBegin(ofSession: true);
            return isFull ? null : bound;
        }

        var next = request;
        while (_strategy.Pick(pool, next) is { } backend)
        {
            if (backend.TryBegin())
            {
                return backend;
            }

            isFull = true;
            next = next with { Excluded = next.Excluded.With(backend) };
        }

        return isFull ? null : TakeLastResort(pool, request.Excluded);
    }

    // Whoever has nowhere left to go must not wait for it.
    private static bool IsAnywhere(PoolSnapshot pool, in BackendSet excluded)
    {
        foreach (var backend in pool.LastResort)
        {
            if (!excluded.Contains(backend))
            {
                return true;
            }
        }

        return false;
    }

    // All in rotation have failed this request: one that was taken out may be back, and nobody has noticed yet.
    private static Backend? TakeLastResort(PoolSnapshot pool, in BackendSet excluded)
    {
        if (!excluded.IsEmpty)
        {
            foreach (var backend in pool.LastResort)
            {
                if (!excluded.Contains(backend) && backend.TryBegin())
                {
                    return backend;
                }
            }
        }

        return null;
    }
}
