using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class PeerAllowanceTests
{
    private readonly PeerAllowance _allowance = new();

    [Fact]
    public void EachClient_HasItsOwn_AndGivesBackWhatItTook()
    {
        Assert.True(_allowance.TryTake(1, 2));
        Assert.True(_allowance.TryTake(1, 2));
        Assert.False(_allowance.TryTake(1, 2));
        Assert.True(_allowance.TryTake(2, 2));

        _allowance.GiveBack(1);

        Assert.True(_allowance.TryTake(1, 2));
        Assert.False(_allowance.TryTake(1, 2));
    }

    [Fact]
    public void WithoutALimit_AllAreCounted_SoThatALaterOneHolds()
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.True(_allowance.TryTake(1, 0));
        }

        Assert.False(_allowance.TryTake(1, 5));
        Assert.True(_allowance.TryTake(1, 6));
    }

    [Fact]
    public void ClientsWithoutAConnection_AreForgotten()
    {
        for (var client = 0UL; client < 1_000; client++)
        {
            _allowance.TryTake(client, 1);
        }

        Assert.Equal(1_000, _allowance.Clients);
        for (var client = 0UL; client < 1_000; client++)
        {
            _allowance.GiveBack(client);
        }

        Assert.Equal(0, _allowance.Clients);
    }

    [Fact]
    public async Task ManyThreads_NeverHaveMoreThanTheLimitAtOnce_AndLeaveNothingBehind()
    {
        var (now, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 50_000; i++)
            {
                if (_allowance.TryTake(7, 3))
                {
                    var at = Interlocked.Increment(ref now);
                    for (var seen = most; at > seen; seen = Interlocked.CompareExchange(ref most, at, seen))
                    {
                    }

                    Interlocked.Decrement(ref now);
                    _allowance.GiveBack(7);
                }
            }
        })));

        Assert.InRange(most, 1, 3);
        Assert.Equal(0, _allowance.Clients);
    }
}
