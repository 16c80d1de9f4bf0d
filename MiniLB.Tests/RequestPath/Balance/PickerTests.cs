using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.Tests.RequestPath.Balance;

/// <summary>A pool, and what picks from it.</summary>
public abstract class PickerTests
{
    private protected World World { get; private set; } = null!;

    private protected BackendPicker Picker { get; private set; } = null!;

    private protected Backend[] All => World.Current.DefaultPool.All;

    private protected void Pool(int maxInFlight, int backups, int backends, QueueOptions? queue = null) =>
        Pool(PoolOptions(maxInFlight, backups, backends, queue));

    private protected static PoolOptions PoolOptions(
        int maxInFlight, int backups, int backends, QueueOptions? queue = null) =>
        Sample.PoolOptions([.. Enumerable.Range(0, backends).Select(i => Sample.BackendOptions($"http://b{i}") with
        {
            MaxInFlight = maxInFlight,
            IsBackup = i >= backends - backups,
        })]) with { Queue = queue ?? new QueueOptions { Timeout = TimeSpan.Zero } };

    private protected void Pool(PoolOptions options, TimeProvider? time = null) =>
        Pool(options, new RoundRobinStrategy(), time);

    private protected void Pool(PoolOptions options, BalanceStrategy strategy, TimeProvider? time = null)
    {
        World = Sample.World(strategy, options, time);
        Picker = new BackendPicker(World, World.Current.DefaultPool);
    }

    private protected Task<Picked> Take(
        Backend? bound = null, BackendSet excluded = default, Exchange? exchange = null) =>
        Picker.TakeAsync(exchange ?? TestExchange.In(World), new PickRequest(excluded, 0), bound)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private protected async Task<string> TakeIndexes(int count)
    {
        var indexes = new int[count];
        for (var i = 0; i < count; i++)
        {
            indexes[i] = (await Take()).Backend!.Index;
        }

        return string.Join(", ", indexes);
    }

    private protected void Free(int index)
    {
        All[index].End(sent: true, failed: false);
        Picker.MadeRoom(All[index]);
    }

    private protected void TakeOut(Backend backend, string how)
    {
        switch (how)
        {
            case "drained":
                World.SetMode(backend, BackendMode.Draining);
                break;
            case "disabled":
                World.SetMode(backend, BackendMode.Disabled);
                break;
            case "down":
                World.SetUp(backend, up: false);
                break;
        }
    }
}
