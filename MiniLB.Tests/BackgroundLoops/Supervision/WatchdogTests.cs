using MiniLB.BackgroundLoops.Supervision;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Systemd;

namespace MiniLB.Tests.BackgroundLoops.Supervision;

public sealed class WatchdogTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ServiceManager _manager = new();
    private readonly ServiceNotifier _notifier;
    private readonly FakeTimeProvider _clock = new();
    private readonly RecordedLog _log = new();

    public WatchdogTests() => _notifier = ServiceNotifier.Of(
        name => _manager.Environment().GetValueOrDefault(name));

    public void Dispose()
    {
        _notifier.Dispose();
        _manager.Dispose();
    }

    [Fact]
    public async Task PartThatHangs_StopsThePings_IsSaidOnce_AndItsReturnToo()
    {
        var (good, hung) = (new ScriptedSign { Answers = true }, new ScriptedSign());
        var watchdog = new Watchdog(_notifier, Limit, [good, hung], _clock, _log);
        Assert.False(watchdog.Beat());
        Assert.False(watchdog.Beat());
        Assert.Empty(_log.Lines);

        _clock.Advance(Limit / 2);
        Assert.False(watchdog.Beat());
        Assert.False(watchdog.Beat());
        Assert.Equal(
            ["Error no ping for the service manager's watchdog: a scripted part does not answer"], _log.Lines);
        Assert.Equal(1, hung.Asked);

        hung.Answers = true;
        Assert.True(watchdog.Beat());
        await _manager.HasPingsAsync(1);
        Assert.Equal("Warning all parts answer the watchdog again", _log.Lines[^1]);
        Assert.Equal(1, _manager.Pings);
    }

    [Fact]
    public async Task PartsThatAnswer_ArePingedFor_AndAskedAnew()
    {
        var sign = new ScriptedSign { Answers = true };
        var watchdog = new Watchdog(_notifier, Limit, [sign], _clock, _log);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(watchdog.Beat());
            Assert.True(watchdog.Beat());
        }

        await _manager.HasPingsAsync(3);
        Assert.Equal(3, sign.Asked);
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task Parts_OfAProcessThatWorks_Answer()
    {
        var threads = EventThreadSign.OfAllThreads();
        Assert.NotEmpty(threads);
        LifeSign[] signs = [.. threads, new ThreadPoolSign(), new WorldSign(Sample.World(1))];
        for (var i = 0; i < 10; i++)
        {
            Array.ForEach(signs, s => s.Ask());
            await Eventually.True(() => Array.TrueForAll(signs, s => s.HasAnswered), "all answers");
        }

        threads.ForEach(t => t.Dispose());
        // Nobody can be asked any more, which is no reason to end the process.
        await Eventually.True(() => threads.TrueForAll(t => t.HasAnswered), "the end");
    }

    [Fact]
    public async Task WorldThatSomebodyNeverLetsGo_DoesNotAnswer()
    {
        using var letGo = new ManualResetEventSlim();
        using var isHeld = new ManualResetEventSlim();
        var options = new BalancerOptions { Pools = [Sample.PoolOptions(Sample.BackendOptions("http://a"))] };
        // Routes are worked out under the lock.
        var isFirst = true;
        var world = new World(options, routes: _ =>
        {
            if (!isFirst)
            {
                isHeld.Set();
                letGo.Wait();
            }

            isFirst = false;
            return null;
        });
        var holder = Task.Factory.StartNew(() => world.Reload(options), TaskCreationOptions.LongRunning);
        isHeld.Wait();
        var sign = new WorldSign(world);

        Assert.False(sign.HasAnswered);
        letGo.Set();
        await holder;
        Assert.True(sign.HasAnswered);
    }

    private sealed class ScriptedSign : LifeSign
    {
        public bool Answers { get; set; }

        public int Asked { get; private set; }

        public override string Name => "a scripted part";

        public override bool HasAnswered => Answers;

        public override void Ask() => Asked++;
    }
}
