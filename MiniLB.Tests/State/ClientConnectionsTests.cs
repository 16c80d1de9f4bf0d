using Microsoft.AspNetCore.Connections;
using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class ClientConnectionsTests
{
    private readonly ClientConnections _connections = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Removed_IsGone_AndTheOthersStay(int removed)
    {
        var all = Enumerable.Range(0, 3).Select(_ => New()).ToList();
        all.ForEach(_connections.Add);

        _connections.Remove(all[removed]);

        Assert.False(_connections.IsOpen(all[removed]));
        all.RemoveAt(removed);
        Assert.Equal(all.ToHashSet(), _connections.All.ToHashSet());
        Assert.All(all, c => Assert.True(_connections.IsOpen(c)));
        Assert.Equal((3, 2), (_connections.Opened, _connections.Count));
    }

    [Fact]
    public void RemovedTwice_CountsOnce()
    {
        var (one, other) = (New(), New());
        _connections.Add(one);
        _connections.Add(other);

        _connections.Remove(one);
        _connections.Remove(one);

        Assert.Equal([other], _connections.All);
        Assert.Equal(1, _connections.Count);
    }

    [Fact]
    public void ThoseOfOperators_AreInView_AndNotCounted()
    {
        var connection = New(isAdmin: true);
        _connections.Add(connection);

        Assert.True(_connections.IsEmpty);
        Assert.Empty(_connections.Open);
        Assert.Equal([connection], _connections.All);
        Assert.Equal(0, _connections.Opened);
    }

    [Fact]
    public void AddedAndRemovedByManyThreads_NoneIsLost()
    {
        Parallel.For(0, 8, i =>
        {
            var mine = new Queue<ClientConnection>();
            for (var step = 0; step < 2_000; step++)
            {
                var connection = New();
                _connections.Add(connection);
                mine.Enqueue(connection);
                if (mine.Count > i)
                {
                    _connections.Remove(mine.Dequeue());
                }

                Assert.InRange(_connections.All.Count, 0, 100);
            }
        });

        Assert.Equal(Enumerable.Range(0, 8).Sum(), _connections.All.Count);
        Assert.Equal(16_000, _connections.Opened);
        Assert.Equal(28, _connections.Count);
    }

    private static ClientConnection New(bool isAdmin = false) => new(new DefaultConnectionContext(), isAdmin, now: 0);
}
