using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>One pool at one moment. A request reads it once and keeps it for all of its attempts.</summary>
internal sealed class PoolSnapshot
{
    private readonly BackendStatus[] _statuses;

    /// <param name="options">What the operator wrote for this pool.</param>
    /// <param name="all">Every backend, in the configured order.</param>
    /// <param name="statuses">The status of each, by index.</param>
    public PoolSnapshot(PoolOptions options, Backend[] all, BackendStatus[] statuses)
    {
        (Options, All, ByIndex, _statuses) = (options, all, InPlaces(all), statuses);
        Available = Array.FindAll(all, b => statuses[b.Index].IsAvailable && !b.IsBackup);
        Reserve = Array.FindAll(all, b => statuses[b.Index].IsAvailable && b.IsBackup);
        if (Available.Length == 0)
        {
            (Available, Reserve) = (Reserve, []);
        }

        LastResort = Array.FindAll(all, b => statuses[b.Index] is { Mode: BackendMode.Enabled, IsCircuitOpen: false });
        Candidates = Available.Length > 0 ? Available : LastResort;
        Shares = Array.ConvertAll(Candidates, b => statuses[b.Index].Share);
        Alive = all.Count(b => statuses[b.Index].IsAlive);
        Ejected = all.Count(b => statuses[b.Index].Ejection is not null);
    }

    public PoolOptions Options { get; }

    public Backend[] All { get; }

    /// <summary>The same by their indexes; null where a place is free. Without reloads it is
    /// <see cref="All"/>.</summary>
    public Backend?[] ByIndex { get; }

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
    public WaitingCount Waiting { get; init; } = new();

    /// <summary>The same ones in all snapshots of the pool.</summary>
    public BackendPlaces Places { get; init; } = new();

    /// <summary>The way of requests into it; null where nobody sends any.</summary>
    public PoolPath? Path { get; private set; }

    /// <summary>As above.</summary>
    public TrafficRecord Traffic { get; init; } = new();

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
            foreach (var backend in All)
            {
                sum += backend.InFlight;
            }

            return sum;
        }
    }

    /// <summary>The status of a backend; that of one that is down for one that it does not have.</summary>
    public BackendStatus this[Backend backend] => Has(backend) ? _statuses[backend.Index] : default;

    public bool Has(Backend backend) => backend.Index < ByIndex.Length && ByIndex[backend.Index] == backend;

    /// <summary>The same pool with one status changed.</summary>
    public PoolSnapshot With(Backend backend, BackendStatus status)
    {
        BackendStatus[] statuses = [.. _statuses];
        statuses[backend.Index] = status;
        return new PoolSnapshot(Options, All, statuses)
        {
            Waiting = Waiting,
            Places = Places,
            Traffic = Traffic,
            Path = Path,
        };
    }

    /// <summary>Has what requests need worked out; before the snapshot is published.</summary>
    /// <param name="path">The way of requests into the pool from now on.</param>
    public void WorkOut(PoolPath? path)
    {
        Path = path;
        Plan = path?.Plan(this);
    }

    private static Backend?[] InPlaces(Backend[] all)
    {
        if (all.Index().All(b => b.Item.Index == b.Index))
        {
            return all;
        }

        var places = new Backend?[all.Max(b => b.Index) + 1];
        foreach (var backend in all)
        {
            places[backend.Index] = backend;
        }

        return places;
    }
}
