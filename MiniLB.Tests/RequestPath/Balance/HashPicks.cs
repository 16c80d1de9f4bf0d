using MiniLB.Config.Options;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

/// <summary>Pools that hash, and what they do with many fixed keys.</summary>
internal static class HashPicks
{
    public static readonly ulong[] Keys = KeysOf(20_000);

    public static ulong[] KeysOf(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
    }

    /// <summary>One backend for each weight; those from <paramref name="backups"/> on are backups.</summary>
    public static PoolOptions Options(int[] weights, int backups = int.MaxValue, double boundedLoad = 0) =>
        Sample.PoolOptions([.. weights.Select((w, i) =>
            Sample.BackendOptions($"http://10.0.{i / 250}.{i % 250}:8080", w) with { IsBackup = i >= backups })]) with
        {
            Strategy = StrategyName.ConsistentHash,
            Hash = new HashOptions { BoundedLoad = boundedLoad },
        };

    public static World World(PoolOptions options, TimeProvider? time = null) =>
        Sample.World(Strategies.Create(options, TimeProvider.System), options, time);

    public static World World(int n, int backups = int.MaxValue) => World(Options(Equal(n), backups));

    public static int[] Equal(int n) => [.. Enumerable.Repeat(1, n)];

    public static Backend? Pick(PoolSnapshot pool, ulong key, BackendSet excluded = default) =>
        ((HashPlan)pool.Plan!).Pick(key, excluded);

    /// <summary>The backend of every key, by position in the pool.</summary>
    public static int[] Homes(World world) =>
        Array.ConvertAll(Keys, key => Pick(world.Current.DefaultPool, key)!.Index);

    public static int[] Counts(World world)
    {
        var counts = new int[world.Current.DefaultPool.All.Length];
        foreach (var home in Homes(world))
        {
            counts[home]++;
        }

        return counts;
    }

    /// <summary>All that a request with the key is given to when every attempt fails.</summary>
    public static List<Backend> Walk(PoolSnapshot pool, ulong key)
    {
        var walked = new List<Backend>();
        var excluded = default(BackendSet);
        while (Pick(pool, key, excluded) is { } backend)
        {
            walked.Add(backend);
            excluded = excluded.With(backend);
            Assert.True(walked.Count <= pool.All.Length, "more picks than backends");
        }

        return walked;
    }
}
