using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.BackgroundLoops.Reload;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.State;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Config;

namespace MiniLB.Tests.BackgroundLoops.Reload;

public sealed class ReloaderTests : IDisposable
{
    private const string Before = """{ "pools": { "web": { "backends": ["http://127.0.0.1:1"] } } }""";
    private const string After = """{ "pools": { "web": { "backends": ["http://127.0.0.1:2"] } } }""";

    private readonly World _world = new(Configured.Good(Configured.By(Before)));
    private readonly List<BalancerOptions> _applied = [];
    private readonly Reloader _reloader;
    private string _json = Before;
    private string? _problem;

    public ReloaderTests() => _reloader = new Reloader(_world, Load, Apply, NullLogger<Reloader>.Instance);

    public void Dispose() => _reloader.Dispose();

    [Fact]
    public async Task Differences_AreAppliedAndTold()
    {
        _json = After;

        var result = await _reloader.ReloadAsync("test");

        Assert.Equal(
            ["- pools.web.backends http://127.0.0.1:1", "+ pools.web.backends http://127.0.0.1:2"], result.Changes);
        Assert.Single(_applied);
        Assert.Equal((1, 0), (_world.Statistics.Reloads.Succeeded, _world.Statistics.Reloads.Failed));
    }

    [Fact]
    public async Task NoDifference_IsASuccess_ThatDoesNothing()
    {
        var result = await _reloader.ReloadAsync("test");

        Assert.Empty(result.Changes);
        Assert.Empty(_applied);
        Assert.Equal(1, _world.Statistics.Reloads.Succeeded);
    }

    [Fact]
    public async Task Errors_AreAllTold_AndNothingIsApplied()
    {
        _json = """{ "pools": { "web": { "backends": ["htp://x", "htp://y"] } } }""";

        var result = await _reloader.ReloadAsync("test");

        Assert.Equal(2, result.Errors.Count);
        Assert.Empty(_applied);
        Assert.Equal(result.Errors, _world.Statistics.Reloads.Last.Errors);
    }

    [Fact]
    public async Task WhatCannotBeApplied_IsAnError()
    {
        (_json, _problem) = (After, "cannot listen on 127.0.0.1:80");

        var result = await _reloader.ReloadAsync("test");

        Assert.Equal(["cannot listen on 127.0.0.1:80"], result.Errors);
        Assert.Equal(1, _world.Statistics.Reloads.Failed);
    }

    [Fact]
    public async Task KeysOfTheStart_AreNamed()
    {
        _json = After[..^1] + """, "log": { "format": "json" }, "tracing": { "enabled": true } }""";

        Assert.Equal(["log.format", "tracing.enabled"], (await _reloader.ReloadAsync("test")).AtNextStart);
    }

    [Fact]
    public async Task CertificateThatIsWrongForAMoment_IsTold_AndForgottenWhenItIsRightAgain()
    {
        using var rig = new CertificateFiles();
        await StartWithAsync(rig);

        rig.Break();
        await _reloader.RefreshFilesAsync();
        Assert.Single(_world.Statistics.Reloads.Last.Errors);
        Assert.Empty(_applied);

        rig.Mend();
        await _reloader.RefreshFilesAsync();
        Assert.Empty(_world.Statistics.Reloads.Last.Errors);
        Assert.Empty(_applied); // it is the one in effect
    }

    [Fact]
    public async Task CertificateThatIsRenewed_ComesIntoEffect_AndHidesNoBrokenConfiguration()
    {
        using var rig = new CertificateFiles();
        await StartWithAsync(rig);
        _json = "{ half";
        await _reloader.ReloadAsync("test");

        rig.Renew();
        await _reloader.RefreshFilesAsync();

        Assert.Single(_applied);
        Assert.NotEmpty(_world.Statistics.Reloads.Last.Errors);
    }

    [Fact]
    public async Task CertificateThatHasNotChanged_IsNoReload()
    {
        using var rig = new CertificateFiles();
        await StartWithAsync(rig);

        await _reloader.RefreshFilesAsync();

        Assert.Empty(_applied);
        Assert.Equal(0, _world.Statistics.Reloads.Succeeded);
    }

    private async Task StartWithAsync(CertificateFiles rig)
    {
        _json = rig.Configuration;
        _world.Reload(Load(new ConfigErrors()));
        await Task.CompletedTask;
    }

    private BalancerOptions Load(ConfigErrors errors) => OptionsBinder.Bind(
        new JsonConfigReader().Read(Encoding.UTF8.GetBytes(_json), "minilb.json", errors), errors);

    private Task<string?> Apply(BalancerOptions options)
    {
        _applied.Add(options);
        return Task.FromResult(_problem);
    }
}
