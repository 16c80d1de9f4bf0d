using MiniLB.BackgroundLoops.Discovery;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

/// <summary>When sources are looked up, and what becomes of that.</summary>
public sealed class DiscoveryLoopTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly RecordedLog<DiscoveryLoop> _log = new();
    private readonly FakeDnsServer _server;
    private readonly DnsClient _client;
    private readonly CancellationTokenSource _stop = new();
    private volatile string? _address = "10.0.0.1";
    private World _world = null!;
    private DiscoveryLoop _loop = null!;

    public DiscoveryLoopTests()
    {
        // A null address is a server that fails, an empty one is silent.
        _server = new FakeDnsServer(q => _address switch
        {
            "" => [],
            null => [q.Answer(0x8182).Bytes],
            _ => [(q.Type == DnsType.A ? q.Answer().Address(_address) : q.Answer()).Bytes],
        });
        // The clock of a test may run ahead of an answer that is under way.
        var settings = FakeDnsServer.Settings(_server) with { Timeout = TimeSpan.FromMinutes(10) };
        _client = new DnsClient(() => settings, TimeProvider.System);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _server.Dispose();
        _client.Dispose();
    }

    [Fact]
    public async Task First_WaitsForTheAnswers_AndSaysWhatHasCome()
    {
        Begin("http://api.internal:8080");

        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);

        Assert.Equal(["http://10.0.0.1:8080"], Urls);
        Assert.Equal(
            ["Information discovery: + pools.default.backends http://10.0.0.1:8080 (dns http://api.internal:8080)"],
            _log.Lines);
    }

    [Fact]
    public async Task LookUps_ComeEachRefresh_ATenthMoreOrLess_AndFollowTheAnswer()
    {
        Begin("http://api.internal");
        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);
        _address = "10.0.0.2";

        _clock.Advance(TimeSpan.FromSeconds(8.9));
        _loop.Beat(_stop.Token);
        Assert.Equal(2, _server.Asked.Count);

        _clock.Advance(TimeSpan.FromSeconds(2.2));
        _loop.Beat(_stop.Token);
        await Eventually.True(() => Urls is ["http://10.0.0.2"], "the other address");
        Assert.Equal(4, _server.Asked.Count);
    }

    [Fact]
    public async Task Failure_KeepsWhatWasFound_AndIsSaidOnce_AndSoIsItsEnd()
    {
        Begin("http://api.internal");
        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);
        _address = null;
        await BeatAsync(failures: 1);
        await BeatAsync(failures: 2);
        await BeatAsync(failures: 3);

        Assert.Equal(["http://10.0.0.1"], Urls);
        Assert.Equal("127.0.0.1: it has failed (SERVFAIL)", Record.Problem);
        _address = "10.0.0.1";
        await BeatAsync(failures: 3, () => Record.Problem is null);

        Assert.Equal(
            [
                "Warning discovery: dns http://api.internal cannot be looked up, what was found last stays: "
                    + "127.0.0.1: it has failed (SERVFAIL)",
                "Information discovery: dns http://api.internal is looked up again, backends: 1",
            ],
            _log.Lines.Skip(1));
    }

    [Fact]
    public async Task SilentServer_HoldsTheStartForSoLongOnly_AndItsAnswerCountsLater()
    {
        _address = "";
        Begin("http://api.internal");
        var first = _loop.FirstAsync(_stop.Token);
        await Eventually.True(() => _server.Asked.Count >= 2, "the questions");
        Assert.False(first.IsCompleted);

        _clock.Advance(DiscoveryLoop.FirstLimit);
        await first.WaitAsync(Deadline);
        Assert.Empty(Urls);
        Assert.Contains("Warning discovery: pool default has no backend; its requests are answered 503", _log.Lines);
        _clock.Advance(TimeSpan.FromSeconds(30)); // no look-up lasts longer
        await Eventually.True(() => Record.Failures == 1, "the end of the first look-up");
        _address = "10.0.0.1"; // not before: its own question, asked again, would be answered
        await BeatAsync(failures: 1, () => Urls.Length == 1);
    }

    [Fact]
    public async Task Reload_IsObeyedOnceItsNewSourceHasAnswered()
    {
        Begin("http://api.internal");
        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);
        var next = OptionsOf("http://other.internal:81");
        string[] atOnce = [];

        Assert.Null(await _loop.ReloadAsync(
            next,
            options =>
            {
                var problem = _world.Reload(options);
                atOnce = Urls;
                return Task.FromResult(problem);
            }, _stop.Token).WaitAsync(Deadline));

        Assert.Equal(["http://10.0.0.1:81"], atOnce);
    }

    [Fact]
    public async Task ReloadAwayFromASourceAndBack_BeforeTheNextBeat_WaitsForItsAnswer()
    {
        Begin("http://api.internal");
        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);
        string[] atOnce = [];
        Task<string?> Apply(BalancerOptions options)
        {
            var problem = _world.Reload(options);
            atOnce = Urls;
            return Task.FromResult(problem);
        }

        var away = new BalancerOptions { Pools = [Sample.PoolOptions()] };
        Assert.Null(await _loop.ReloadAsync(away, Apply, _stop.Token).WaitAsync(Deadline));
        Assert.DoesNotContain("http://10.0.0.1", atOnce);
        Assert.Null(await _loop.ReloadAsync(OptionsOf("http://api.internal"), Apply, _stop.Token).WaitAsync(Deadline));

        Assert.Contains("http://10.0.0.1", atOnce);
    }

    [Fact]
    public async Task ReloadThatIsRefused_LeavesNoLookUpBehind()
    {
        Begin("http://api.internal");
        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);

        Assert.Equal("no", await _loop.ReloadAsync(
            OptionsOf("http://other.internal"), _ => Task.FromResult<string?>("no"), _stop.Token).WaitAsync(Deadline));
        var asked = _server.Asked.Count;
        await BeatAsync(failures: 0, () => _server.Asked.Count >= asked + 2);

        Assert.All(_server.Asked.Skip(asked), q => Assert.Equal("api.internal", q.Name));
    }

    [Fact]
    public async Task ShorterRefresh_CountsAtOnce()
    {
        Begin("http://api.internal");
        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);
        var shorter = OptionsOf("http://api.internal");
        _world.Reload(shorter with
        {
            Pools =
            [
                shorter.Pools[0] with
                {
                    Sources = [shorter.Pools[0].Sources[0] with { Refresh = TimeSpan.FromSeconds(1) }],
                },
            ],
        });
        _loop.Beat(_stop.Token);
        Assert.Equal(2, _server.Asked.Count);

        _clock.Advance(TimeSpan.FromSeconds(1));
        _loop.Beat(_stop.Token);

        await Eventually.True(() => _server.Asked.Count == 4, "two questions more");
    }

    [Fact]
    public async Task OneName_InTwoPools_IsLookedUpOnce()
    {
        var one = OptionsOf("http://api.internal").Pools[0];
        Begin(new BalancerOptions { Pools = [one, one with { Name = "other" }] });

        await _loop.FirstAsync(_stop.Token).WaitAsync(Deadline);

        Assert.Equal(2, _server.Asked.Count);
        Assert.All(_world.Current.Pools, p => Assert.Equal("http://10.0.0.1", Assert.Single(p.All).Url));
    }

    private string[] Urls => [.. _world.Current.DefaultPool.All.Select(b => b.Url)];

    private SourceRecord Record =>
        Assert.Single(_world.Statistics.Sources.Of(_world.Current.Options)).Record;

    private static BalancerOptions OptionsOf(string url)
    {
        Assert.Null(SourceName.ParseDns(url, out var source));
        return new BalancerOptions { Pools = [Sample.PoolOptions() with { Sources = [source] }] };
    }

    private void Begin(string url) => Begin(OptionsOf(url));

    private void Begin(BalancerOptions options)
    {
        _world = new World(options, _clock);
        var hosts = HostsFile.Parse("");
        var settings = FakeDnsServer.Settings(_server);
        _loop = new DiscoveryLoop(
            _world, new SourceLookup(new NameLookup(_client, () => settings, () => hosts)), _clock, _log);
    }

    private async Task BeatAsync(int failures, Func<bool>? until = null)
    {
        // The last look-up may be about to end: beats that come meanwhile start nothing.
        _clock.Advance(TimeSpan.FromSeconds(11));
        await Eventually.True(
            () =>
            {
                _loop.Beat(_stop.Token);
                return Record.Failures >= failures && until?.Invoke() != false;
            },
            $"failure {failures}");
    }
}
