using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class PerBackendTests
{
    private readonly PerBackend<Thing> _things = new(() => new Thing());

    [Fact]
    public void Backend_GetsTheSameThingAgain()
    {
        var backend = Sample.Backend(index: 5);

        Assert.Same(_things.Of(backend), _things.Of(backend));
        Assert.NotSame(_things.Of(backend), _things.Of(Sample.Backend(index: 4)));
    }

    [Fact]
    public void BackendInThePlaceOfAnother_GetsAThingOfItsOwn_AndThatOfTheOtherIsDisposedOf()
    {
        var (first, second) = (Sample.Backend(), Sample.Backend());
        var thing = _things.Of(first);

        Assert.NotSame(thing, _things.Of(second));
        Assert.True(thing.IsDisposed);
        Assert.Equal(second, Assert.Single(_things.All).Backend);
    }

    [Fact]
    public void RemovedThing_IsTheCallers()
    {
        var backend = Sample.Backend();
        var thing = _things.Of(backend);

        Assert.Null(_things.Remove(Sample.Backend()));
        Assert.Same(thing, _things.Remove(backend));
        Assert.Null(_things.Remove(backend));
        Assert.False(thing.IsDisposed);
    }

    [Fact]
    public void ManyAtOnce_MakeOneThing()
    {
        for (var round = 0; round < 200; round++)
        {
            var backend = Sample.Backend(index: round);
            var found = new Thing[8];
            Parallel.For(0, found.Length, i => found[i] = _things.Of(backend));

            Assert.Single(found.Distinct());
        }
    }

    private sealed class Thing : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
