using System.Collections.Concurrent;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class BackendConnectionPoolTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void KeptConnection_IsGivenOnce()
    {
        using var pool = new BackendConnectionPool(Minute, Minute);
        var (_, connection) = Open();
        Assert.Null(pool.TryTake());

        pool.GiveBack(connection);

        Assert.Same(connection, pool.TryTake());
        Assert.Null(pool.TryTake());
    }

    [Fact]
    public void ClearedPool_HasClosedAllAndKeepsNewOnes()
    {
        using var pool = new BackendConnectionPool(Minute, Minute);
        var (stream, first) = Open();
        pool.GiveBack(first);

        pool.Clear();

        Assert.True(stream.IsDisposed);
        Assert.Null(pool.TryTake());
        var (_, second) = Open();
        pool.GiveBack(second);
        Assert.Same(second, pool.TryTake());
    }

    [Fact]
    public void EndedConnection_IsClosedInsteadOfGiven()
    {
        using var pool = new BackendConnectionPool(Minute, Minute);
        var (ended, first) = Open();
        var (_, second) = Open();
        pool.GiveBack(first);
        pool.GiveBack(second);

        ended.End();
        Assert.True(SpinWait.SpinUntil(() => !first.IsQuiet, TimeSpan.FromSeconds(30)));

        Assert.Same(second, pool.TryTake());
        Assert.Null(pool.TryTake());
        Assert.True(ended.IsDisposed);
    }

    [Fact]
    public void ConnectionThatSpeaksUnasked_IsClosedInsteadOfKept()
    {
        using var pool = new BackendConnectionPool(Minute, Minute);
        var (stream, connection) = Open();
        stream.Say("x");

        pool.GiveBack(connection);

        Assert.True(stream.IsDisposed);
        Assert.Null(pool.TryTake());
    }

    [Theory]
    [InlineData(60_000, true)]
    [InlineData(30_000, false)]
    public void ConnectionOlderThanItsLifetime_IsClosedInsteadOfKept(int age, bool closed)
    {
        using var pool = new BackendConnectionPool(TimeSpan.Zero, Minute);
        var (stream, connection) = Open(age);

        pool.GiveBack(connection);

        Assert.Equal(closed, stream.IsDisposed);
        Assert.Equal(closed, pool.TryTake() is null);
    }

    [Fact]
    public void ConnectionWithoutLimits_IsKeptForAsLongAsItLives()
    {
        using var pool = new BackendConnectionPool(TimeSpan.Zero, TimeSpan.Zero);
        var (_, connection) = Open(age: 1_000_000_000);
        pool.GiveBack(connection);

        pool.Sweep(Environment.TickCount64 + 1_000_000_000);

        Assert.Same(connection, pool.TryTake());
    }

    [Theory]
    [InlineData(59_000, false)]
    [InlineData(60_000, true)]
    public void Sweep_ClosesWhatWasIdleForTooLong(int after, bool closed)
    {
        using var pool = new BackendConnectionPool(Minute, TimeSpan.Zero);
        var (stream, connection) = Open();
        pool.GiveBack(connection);

        pool.Sweep(connection.IdleSince + after);

        Assert.Equal(closed, stream.IsDisposed);
        Assert.Equal(closed, pool.TryTake() is null);
    }

    [Fact]
    public void Sweep_ClosesWhatHasEndedOrIsTooOld_AndKeepsTheRest()
    {
        using var pool = new BackendConnectionPool(TimeSpan.Zero, Minute);
        var (ended, first) = Open();
        var (old, second) = Open(age: 30_000);
        var (_, third) = Open();
        foreach (var connection in (BackendConnection[])[first, second, third])
        {
            pool.GiveBack(connection);
        }

        ended.End();
        Assert.True(SpinWait.SpinUntil(() => !first.IsQuiet, TimeSpan.FromSeconds(30)));
        pool.Sweep(third.OpenedAt + 40_000);

        Assert.True(ended.IsDisposed && old.IsDisposed);
        Assert.Same(third, pool.TryTake());
    }

    [Fact]
    public void MoreThanThePoolHolds_AreClosed()
    {
        using var pool = new BackendConnectionPool(Minute, Minute);
        var opened = Enumerable.Range(0, 1100).Select(_ => Open()).ToList();

        opened.ForEach(o => pool.GiveBack(o.Connection));

        Assert.Equal(76, opened.Count(o => o.Stream.IsDisposed));
        Assert.Equal(1024, TakeAll(pool).Distinct().Count());
    }

    [Fact]
    public void ClosedPool_ClosesWhatItHasAndWhatItIsGiven()
    {
        var pool = new BackendConnectionPool(Minute, Minute);
        var (kept, first) = Open();
        var (late, second) = Open();
        pool.GiveBack(first);

        pool.Dispose();
        pool.GiveBack(second);

        Assert.True(kept.IsDisposed && late.IsDisposed);
        Assert.Null(pool.TryTake());
    }

    // Each holds a connection alone while it has it; the sweep takes and puts back between them.
    [Fact]
    public async Task Pool_UsedByManyAtOnce_LosesNothingAndGivesNothingTwice()
    {
        const int Connections = 24;
        using var pool = new BackendConnectionPool(Minute, TimeSpan.Zero);
        var opened = Enumerable.Range(0, Connections).Select(_ => Open()).ToList();
        opened.ForEach(o => pool.GiveBack(o.Connection));
        var held = new ConcurrentDictionary<BackendConnection, bool>();

        await Task.Run(() => Parallel.For(0, 8, worker =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                if (worker == 0 && i % 100 == 0)
                {
                    pool.Sweep(Environment.TickCount64);
                }
                else if (pool.TryTake() is { } connection)
                {
                    Assert.True(held.TryAdd(connection, true), "given twice");
                    Use(connection, opened);
                    Assert.True(held.TryRemove(connection, out _));
                    pool.GiveBack(connection);
                }
            }
        }));

        Assert.DoesNotContain(opened, o => o.Stream.IsDisposed);
        Assert.Equal(opened.Select(o => o.Connection).ToHashSet(), TakeAll(pool).ToHashSet());
    }

    // The read that waits in a kept connection has to be over before it can be kept again.
    private static void Use(
        BackendConnection connection, List<(ScriptedStream Stream, BackendConnection Connection)> opened)
    {
        var stream = opened.Find(o => o.Connection == connection).Stream;
        var read = connection.ReceiveAsync().AsTask();
        stream.Say("x");
        Assert.True(read.Wait(TimeSpan.FromSeconds(30)));
        connection.Consume(1);
    }

    private static List<BackendConnection> TakeAll(BackendConnectionPool pool)
    {
        var all = new List<BackendConnection>();
        while (pool.TryTake() is { } connection)
        {
            all.Add(connection);
        }

        return all;
    }

    private static (ScriptedStream Stream, BackendConnection Connection) Open(long age = 0)
    {
        var stream = new ScriptedStream();
        return (stream, new BackendConnection(stream, Environment.TickCount64 - age));
    }
}
