using MiniLB.Config.Options;

namespace MiniLB.State;

/// <summary>Makes the first snapshot of a pool, and the next one when the configuration changes.</summary>
/// <remarks>A backend of the same address is the same backend: its counters, its health, its circuit and what the
/// operator wants of it stay. Behind TLS one that is called by another name is another one: what is kept of it was
/// secured for the old name.</remarks>
internal sealed class PoolBuilder(World world, TimeProvider time, Func<World, PoolSnapshot, PoolPath?, PoolPath>? paths)
{
    public PoolSnapshot First(PoolOptions options)
    {
        var places = new BackendPlaces();
        Backend[] all = [.. options.Backends.Select(places.Add)];
        return Ready(new PoolSnapshot(options, all, Statuses(options, all, before: null)) { Places = places }, null);
    }

    public PoolSnapshot Next(PoolSnapshot before, PoolOptions options)
    {
        var known = before.All.ToLookup(b => b.Address);
        Backend[] all = [.. options.Backends.Select(b => Kept(known[b.Address], b) ?? before.Places.Add(b))];
        foreach (var backend in before.All.Except(all))
        {
            before.Places.Remove(backend);
        }

        var next = new PoolSnapshot(options, all, Statuses(options, all, before))
        {
            Waiting = before.Waiting,
            Places = before.Places,
            Traffic = before.Traffic,
        };
        return Ready(next, before.Path);
    }

    private static Backend? Kept(IEnumerable<Backend> ofItsAddress, BackendOptions options) =>
        ofItsAddress.FirstOrDefault(b => !b.Address.Tls || b.Address.ServerName == options.Address.ServerName);

    private PoolSnapshot Ready(PoolSnapshot pool, PoolPath? before)
    {
        pool.WorkOut(paths?.Invoke(world, pool, before));
        return pool;
    }

    private BackendStatus[] Statuses(PoolOptions options, Backend[] all, PoolSnapshot? before)
    {
        var statuses = new BackendStatus[all.Length == 0 ? 0 : all.Max(b => b.Index) + 1];
        for (var i = 0; i < all.Length; i++)
        {
            var backend = all[i];
            statuses[backend.Index] = before?.Has(backend) == true
                ? Carried(options, options.Backends[i], backend, before[backend])
                : new BackendStatus(StartsUp(options.HealthCheck), options.Backends[i].Weight);
            SetCircuit(options.CircuitBreaker, backend);
        }

        return statuses;
    }

    private static BackendStatus Carried(
        PoolOptions pool, BackendOptions options, Backend backend, BackendStatus status)
    {
        // A weight that the operator has set meanwhile stays, unless the configuration has a new one.
        var weight = options.Weight == backend.Weight ? status.Weight : options.Weight;
        var circuitIsNew = backend.Circuit is { } circuit && circuit.Options != pool.CircuitBreaker;
        backend.Options = options;
        return status with
        {
            Weight = weight,
            IsUp = status.IsUp || !pool.HealthCheck.Enabled,
            Ejection = pool.Ejection.Enabled ? status.Ejection : null,
            IsCircuitOpen = status.IsCircuitOpen && !circuitIsNew,
        };
    }

    private void SetCircuit(CircuitBreakerOptions options, Backend backend)
    {
        if (!options.Enabled)
        {
            backend.Circuit = null;
        }
        else if (backend.Circuit is not { } circuit || circuit.Options != options)
        {
            backend.Circuit = new CircuitBreaker(options, time, backend.Circuit);
        }
    }

    private static bool StartsUp(HealthCheckOptions options) => !options.Enabled || options.Initial == InitialHealth.Up;
}
