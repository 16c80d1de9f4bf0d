using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class BackendTests
{
    [Theory]
    [InlineData(true, false, 1, 0)]
    [InlineData(true, true, 1, 1)]
    [InlineData(false, true, 0, 1)]
    [InlineData(false, false, 0, 0)]
    public void Attempt_IsCountedByWhatBecameOfIt(bool sent, bool failed, int sends, int failures)
    {
        var backend = Sample.Backend();
        Assert.True(backend.TryBegin());
        Assert.Equal(1, backend.InFlight);

        backend.End(sent, failed);

        Assert.Equal((0, sends, failures), (backend.InFlight, backend.Sends, backend.Failures));
    }

    [Theory]
    [InlineData("Enabled", false, true)]
    [InlineData("Enabled", true, true)]
    [InlineData("Draining", false, false)]
    [InlineData("Draining", true, true)]
    [InlineData("Disabled", false, false)]
    [InlineData("Disabled", true, false)]
    public void Attempt_BeginsWhereTheOperatorLetsIt(string mode, bool ofSession, bool begins)
    {
        var world = Sample.World(1);
        var backend = world.Current.DefaultPool.All[0];
        world.SetMode(backend, Enum.Parse<BackendMode>(mode));

        Assert.Equal(begins, backend.TryBegin(ofSession));
        Assert.Equal(begins ? 1 : 0, backend.InFlight);
    }

    [Fact]
    public void BackendDrainedWithNothingInFlight_BeginsNothingMore()
    {
        var world = Sample.World(1);
        var backend = world.Current.DefaultPool.All[0];
        var (end, late) = (false, 0);
        var threads = Enumerable.Range(0, 2).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref end))
            {
                if (backend.TryBegin())
                {
                    Interlocked.Increment(ref late);
                    backend.End(sent: true, failed: false);
                }
            }
        })).ToList();
        threads.ForEach(t => t.Start());

        for (var i = 0; i < 300; i++)
        {
            world.SetMode(backend, BackendMode.Draining);
            SpinWait.SpinUntil(() => backend.InFlight == 0);
            var before = Volatile.Read(ref late);
            Thread.Yield();
            Assert.InRange(Volatile.Read(ref late), before, before);
            world.SetMode(backend, BackendMode.Enabled);
        }

        Volatile.Write(ref end, true);
        threads.ForEach(t => t.Join());
    }

    [Fact]
    public void ManyThreads_CountExactly()
    {
        var backend = Sample.Backend();

        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            backend.TryBegin();
            backend.End(sent: i % 2 == 0, failed: i % 4 == 0);
        });

        Assert.Equal((0, 50_000, 25_000), (backend.InFlight, backend.Sends, backend.Failures));
    }
}
