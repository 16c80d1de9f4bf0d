namespace MiniLB.State;

/// <summary>The way of requests into one pool, as the configuration at hand wants it; a reload makes another. What it is
/// made of is the request path's matter.</summary>
internal abstract class PoolPath
{
    /// <summary>Works out what picks from a snapshot need; under the world's lock, so that no request has to.</summary>
    public abstract object? Plan(PoolSnapshot pool);

    /// <summary>Called once its pool is gone.</summary>
    public virtual void Retire()
    {
    }
}
