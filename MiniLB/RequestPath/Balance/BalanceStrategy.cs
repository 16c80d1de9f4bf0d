using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Picks the backend for an attempt. Called from many threads at once; one instance per pool.</summary>
internal abstract class BalanceStrategy
{
    /// <summary>The name by which a configuration chooses it.</summary>
    public abstract string Name { get; }

    /// <summary>True where <see cref="PickRequest.Key"/> is wanted.</summary>
    public virtual bool UsesKey => false;

    /// <summary>True where <see cref="Observe"/> is wanted.</summary>
    public virtual bool Observes => false;

    /// <summary>Works out what picks from a snapshot need, once, before it is published as
    /// <see cref="PoolSnapshot.Plan"/>.</summary>
    public virtual object? Plan(PoolSnapshot pool) => null;

    /// <returns>A candidate of the snapshot that is not excluded, or null where there is none.</returns>
    public abstract Backend? Pick(PoolSnapshot pool, in PickRequest request);

    /// <summary>Learns from an attempt.</summary>
    /// <param name="backend">Whose attempt.</param>
    /// <param name="firstByte">From the start of the attempt to the head of the answer, or to its failure.</param>
    /// <param name="verdict">What the attempt says about the backend.</param>
    public virtual void Observe(Backend backend, TimeSpan firstByte, Verdict verdict)
    {
    }
}
