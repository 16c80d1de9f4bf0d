using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>One pool at one moment. A request reads it once and keeps it for all of its attempts.</summary>
/// <param name="Options">What the operator wrote for this pool.</param>
/// <param name="All">Every backend, in the configured order.</param>
/// <param name="Available">The backends in rotation, in the configured order.</param>
internal sealed record PoolSnapshot(PoolOptions Options, Backend[] All, Backend[] Available)
{
    /// <summary>The backends that a request may be given to: those in rotation, or, where none is, every one.</summary>
    public Backend[] Candidates => Available.Length > 0 ? Available : All;

    public bool IsUp(Backend backend) => Array.IndexOf(Available, backend) >= 0;
}
