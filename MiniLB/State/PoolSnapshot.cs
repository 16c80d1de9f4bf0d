using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>One pool at one moment. A request reads it once and keeps it for all of its attempts.</summary>
internal sealed class PoolSnapshot
{
    private readonly BackendStatus[] _statuses;

    /// <param name="options">What the operator wrote for this pool.</param>
    /// <param name="all">Every backend, in the configured order; a backend's index is its position.</param>
    /// <param name="statuses">The status of each, by index.</param>
    public PoolSnapshot(PoolOptions options, Backend[] all, BackendStatus[] statuses)
    {
        (Options, All, _statuses) = (options, all, statuses);
        Available = Array.FindAll(all, b => statuses[b.Index].IsAvailable && !b.IsBackup);
        Reserve = Array.FindAll(all, b => statuses[b.Index].IsAvailable && b.IsBackup);
        if (Available.Length == 0)
        {
            (Available, Reserve) = (Reserve, []);
        }

        LastResort = Array.FindAll(all, b => statuses[b.Index] is { Mode: BackendMode.Enabled, IsCircuitOpen: false });
        Candidates = Available.Length > 0 ? Available : LastResort;
        Shares = Array.ConvertAll(Candidates, b => statuses[b.Index].Share);
        Alive = statuses.Count(s => s.IsAlive);
        Ejected = statuses.Count(s => s.Ejection is not null);
    }

    public PoolOptions Options { get; }

    public Backend[] All { get; }

    /// <summary>The backends in rotation, in the configured order: backups only where no other is.</summary>
    public Backend[] Available { get; }

    /// <summary>Usable backups that wait while others are in rotation: for requests that have failed at all of
    /// those.</summary>
    public Backend[] Reserve { get; }

    /// <summary>Every backend that is neither drained nor has an open circuit, whatever is known of its
    /// health.</summary>
    public Backend[] LastResort { get; }

    /// <summary>The backends that a strategy picks from: those in rotation, or, where none is, the last
    /// resort.</summary>
    public Backend[] Candidates { get; }

    /// <summary>The share of each candidate, by its position in <see cref="Candidates"/>.</summary>
    public int[] Shares { get; }

    /// <summary>The same one in all snapshots of the pool.</summary>
    public WaitingCount Waiting { get; private init; } = new();

    /// <summary>As above.</summary>
    public TrafficRecord Traffic { get; private init; } = new();

    public int Alive { get; }

    public int Ejected { get; }

    /// <summary>What the pool's strategy has worked out for these candidates.</summary>
    public object? Plan { get; private set; }

    /// <summary>Requests that its backends are serving now.</summary>
    public int InFlight
    {
        get
        {
            var sum = 0;
            foreach (var load in All.Length == 0 ? default : All[0].Loads)
            {
                sum += load;
            }

            return sum;
        }
    }

    public BackendStatus this[Backend backend] => _statuses[backend.Index];

    /// <summary>The same pool with one status changed.</summary>
    public PoolSnapshot With(Backend backend, BackendStatus status)
    {
        BackendStatus[] statuses = [.. _statuses];
        statuses[backend.Index] = status;
        return new PoolSnapshot(Options, All, statuses) { Waiting = Waiting, Traffic = Traffic };
    }

    /// <summary>Has the pool's strategy work out what it needs; before the snapshot is published.</summary>
    public void WorkOut(Func<PoolSnapshot, object?> plan) => Plan = plan(this);
}
