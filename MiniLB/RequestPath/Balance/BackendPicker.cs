using System.Diagnostics.CodeAnalysis;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Takes a backend for an attempt: the one that the client is bound to, or the strategy's, or, where all are
/// full, the first that has room again.</summary>
internal sealed class BackendPicker
{
    private readonly World _world;
    private readonly string _pool;
    private readonly RequestQueue _queue;

    /// <param name="world">Where the pool is found again after a wait.</param>
    /// <param name="pool">The pool; its path is a <see cref="BalancedPath"/>.</param>
    public BackendPicker(World world, PoolSnapshot pool)
    {
        (_world, _pool) = (world, pool.Options.Name);
        _queue = new RequestQueue(pool.Options.Queue, pool.Waiting);
        world.Changed += ServeAll;
    }

    /// <summary>The limits of the queue as configured last.</summary>
    public QueueOptions QueueOptions
    {
        set => _queue.Options = value;
    }

    /// <returns>A backend whose attempt has begun, or why there is none.</returns>
    public ValueTask<Picked> TakeAsync(Exchange exchange, in PickRequest request, Backend? bound)
    {
        // Nobody overtakes those who wait.
        return _queue.Count == 0 && TryTakeNow(exchange.Pool, request, bound) is { } picked
            ? new ValueTask<Picked>(picked)
            : WaitAsync(exchange, request, bound);
    }

    /// <summary>Says that an attempt has ended, or that its backend may have more room.</summary>
    public void MadeRoom(Backend backend) => _queue.Serve(backend);

    /// <summary>Its pool is gone: those who wait have the room that its requests make, and no other.</summary>
    public void Retire() => _world.Changed -= ServeAll;

    private async ValueTask<Picked> WaitAsync(Exchange exchange, PickRequest request, Backend? bound)
    {
        var waiting = new QueuedRequest(
            takesAny: bound is null && request.Excluded.IsEmpty,
            freed => TryTake(CurrentOr(exchange.Pool), freed, request, bound));
        if (!_queue.TryJoin(waiting))
        {
            return new Picked(null, ForwardError.QueueFull);
        }

        exchange.Timer.Wait(TimeLimit.Queue, exchange.Pool.Options.Queue.Timeout);
        await using var ended = exchange.Timer.Token.UnsafeRegister(_ => _queue.Leave(waiting), null);
        if (await waiting.Turn is { } picked)
        {
            exchange.Timer.Wait(TimeLimit.None, TimeSpan.Zero);
            return picked;
        }

        return new Picked(null, exchange.Timer.Cause);
    }

    private void ServeAll() => _queue.Serve(freed: null);

    private PoolSnapshot CurrentOr(PoolSnapshot last) =>
        Array.Find(_world.Current.Pools, p => p.Options.Name == _pool) ?? last;

    private static BalanceStrategy StrategyOf(PoolSnapshot pool) => ((BalancedPath)pool.Path!).Strategy;

    // The snapshot may be older than a reload after which nothing of it can be used any more.
    private Picked? TryTakeNow(PoolSnapshot pool, in PickRequest request, Backend? bound)
    {
        var picked = TryTake(pool, request, bound);
        return picked is { Backend: null } && CurrentOr(pool) is var now && now.All != pool.All
            ? TryTake(now, request, bound)
            : picked;
    }

    // As below, for one that waits.
    private static Picked? TryTake(PoolSnapshot pool, Backend? freed, in PickRequest request, Backend? bound)
    {
        if (freed is null)
        {
            return TryTake(pool, request, bound);
        }

        var isBound = IsBound(pool, request, bound);
        if (isBound ? bound != freed : !MayUse(pool, request, freed))
        {
            return null;
        }

        // Whoever waits takes the first room that there is; where its own backend has room as well, its own.
        if (!isBound && StrategyOf(pool) is { UsesKey: true } strategy
            && strategy.Pick(pool, request) is { } own && own != freed && own.TryBegin())
        {
            return new Picked(own, ForwardError.None);
        }

        return freed.TryBegin(isBound) ? new Picked(freed, ForwardError.None) : null;
    }

    /// <returns>Null where there is a backend for the request, but no room.</returns>
    private static Picked? TryTake(PoolSnapshot pool, in PickRequest request, Backend? bound)
    {
        if (IsBound(pool, request, bound))
        {
            return bound.TryBegin(ofSession: true) ? new Picked(bound, ForwardError.None) : null;
        }

        var next = request;
        var isFull = false;
        var strategy = StrategyOf(pool);
        while (strategy.Pick(pool, next) is { } backend)
        {
            if (backend.TryBegin())
            {
                return new Picked(backend, ForwardError.None);
            }

            // All at once: one after the other would be quadratic where all are full.
            isFull = true;
            next = next with { Excluded = next.Excluded.With(backend).WithFull(pool.Candidates) };
        }

        return isFull ? null : TryTakeElsewhere(pool, request.Excluded);
    }

    // All in rotation have failed this request. The backups are left, which are worth a wait; and one that was taken
    // out may be back, and nobody has noticed yet.
    private static Picked? TryTakeElsewhere(PoolSnapshot pool, in BackendSet excluded)
    {
        if (!excluded.IsEmpty && (FirstWithRoom(pool.Reserve, excluded) ?? FirstWithRoom(pool.LastResort, excluded))
            is { } backend)
        {
            return new Picked(backend, ForwardError.None);
        }

        return HasAnother(pool.Reserve, excluded) ? null : new Picked(null, ForwardError.NoneAvailable);
    }

    private static Backend? FirstWithRoom(Backend[] backends, in BackendSet excluded)
    {
        foreach (var backend in backends)
        {
            if (!excluded.Contains(backend) && backend.TryBegin())
            {
                return backend;
            }
        }

        return null;
    }

    private static bool MayUse(PoolSnapshot pool, in PickRequest request, Backend backend) =>
        !request.Excluded.Contains(backend)
        && (Array.IndexOf(pool.Candidates, backend) >= 0
            || (Array.IndexOf(pool.Reserve, backend) >= 0 && !HasAnother(pool.Candidates, request.Excluded)));

    private static bool IsBound(PoolSnapshot pool, in PickRequest request, [NotNullWhen(true)] Backend? bound) =>
        bound is not null && pool[bound].ServesSessions && !request.Excluded.Contains(bound);

    private static bool HasAnother(Backend[] backends, in BackendSet excluded)
    {
        foreach (var backend in backends)
        {
            if (!excluded.Contains(backend))
            {
                return true;
            }
        }

        return false;
    }
}
