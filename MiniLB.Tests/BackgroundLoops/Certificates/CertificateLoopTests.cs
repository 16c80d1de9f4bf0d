using MiniLB.BackgroundLoops.Certificates;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Config;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Certificates;

public sealed class CertificateLoopTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedLog<CertificateLoop> _log = new();

    public CertificateLoopTests() => _time.Advance(DateTimeOffset.UtcNow - _time.GetUtcNow());

    public void Dispose() => _authority.Dispose();

    [Fact]
    public async Task Certificate_ThatExpiresSoon_IsWarnedOfOnceADay()
    {
        using var end = new CancellationTokenSource();
        var running = new CertificateLoop(WorldWith(days: 10), _time, _log).RunAsync(end.Token);

        Assert.Contains("certificate a.pem (a.test) expires on ", Assert.Single(_log.Lines), StringComparison.Ordinal);
        await PassAsync(TimeSpan.FromHours(23));
        Assert.Single(_log.Lines);
        await PassAsync(TimeSpan.FromHours(2));
        Assert.Equal(2, _log.Lines.Count);
        await end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Certificate_IsWarnedOf_WhenItsTimeHasCome()
    {
        using var end = new CancellationTokenSource();
        var running = new CertificateLoop(WorldWith(days: 15), _time, _log).RunAsync(end.Token);

        Assert.Empty(_log.Lines);
        await PassAsync(TimeSpan.FromDays(1.5));
        Assert.Single(_log.Lines);
        await end.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Clock_ThatIsSetBack_SilencesNoWarning()
    {
        using var end = new CancellationTokenSource();
        var running = new CertificateLoop(WorldWith(days: 10), _time, _log).RunAsync(end.Token);
        Assert.Single(_log.Lines);

        _time.StepWallClock(TimeSpan.FromDays(-3));
        await PassAsync(TimeSpan.FromHours(25));

        Assert.Equal(2, _log.Lines.Count);
        await end.CancelAsync();
        await running;
    }

    private async Task PassAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMinutes(1))
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }
    }

    private World WorldWith(double days)
    {
        var certificate = new KeyedCertificate(
            "a.pem", _authority.Issue("CN=a", ["a.test"], days).WithKey(), [], "1");
        var options = Configured.Good(Configured.ByLine("\"statusPath\":\"/health\""));
        return new World(options with
        {
            Listeners = [options.Listeners[0] with { Tls = new() { Certificates = new CertificateTable([certificate]) } }],
        });
    }
}
