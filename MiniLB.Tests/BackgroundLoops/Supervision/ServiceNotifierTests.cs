using MiniLB.BackgroundLoops.Supervision;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Systemd;

namespace MiniLB.Tests.BackgroundLoops.Supervision;

public sealed class ServiceNotifierTests : IDisposable
{
    private readonly ServiceManager _manager = new();
    private readonly ServiceNotifier _notifier;

    public ServiceNotifierTests() => _notifier = Notifier(_manager);

    public void Dispose()
    {
        _notifier.Dispose();
        _manager.Dispose();
    }

    [Fact]
    public void WithoutAManager_NothingIsWanted()
    {
        using var nobody = ServiceNotifier.Of(name => name == "WATCHDOG_USEC" ? "1000000" : null);
        nobody.Ready("serving");
        nobody.Ping();
        nobody.Retry();

        Assert.False(nobody.IsHeard);
        Assert.Null(nobody.WatchdogLimit);
        Assert.Null(nobody.Problem);
    }

    [Fact]
    public async Task Status_IsToldWhereItIsNew_OrAskedFor()
    {
        _notifier.Ready("one");
        _notifier.Tell("one");
        _notifier.Tell("two");
        _notifier.Tell("two");
        _notifier.Tell("two", again: true);
        _notifier.Ping();
        await _manager.HasPingsAsync(1);

        Assert.Equal(["READY=1\nSTATUS=one", "STATUS=two", "STATUS=two"], _manager.News);
    }

    [Fact]
    public async Task Reload_BeforeTheStartAndDuringTheStop_IsNoNews()
    {
        _notifier.Reloading();
        _notifier.Reloaded();
        _notifier.Tell("early");
        _notifier.Ready("one");
        _notifier.Stopping("stopping", longest: null);
        _notifier.Reloading();
        _notifier.Reloaded();
        _notifier.NeedTime(TimeSpan.FromSeconds(30));
        _notifier.Ping();
        await _manager.HasPingsAsync(1);

        Assert.Equal(
            ["READY=1\nSTATUS=one", "STOPPING=1\nSTATUS=stopping", "EXTEND_TIMEOUT_USEC=30000000"], _manager.News);
    }

    [Fact]
    public async Task ProcessThatIsReplaced_SaysWhichIsTheMainOne_AndNoMore()
    {
        _notifier.Ready("one");
        _notifier.TellMainProcess(4711);
        _notifier.Stopping("stopping", TimeSpan.FromSeconds(1));
        _notifier.Tell("two");
        _notifier.Ping();
        using var next = Notifier(_manager);
        next.Ping();
        await _manager.HasPingsAsync(1);

        Assert.True(_notifier.IsReplaced);
        Assert.Equal(["READY=1\nSTATUS=one", "MAINPID=4711\nWATCHDOG=1", "WATCHDOG=1"], _manager.Heard);
    }

    [Fact]
    public async Task WhatCouldNotBeSent_IsSentLater_InOrder()
    {
        using var folder = new TemporaryFolder();
        var address = folder.File("notify");
        using var notifier = ServiceNotifier.Of(name => name == "NOTIFY_SOCKET" ? address : null);
        notifier.Ready("one");
        Assert.StartsWith($"NOTIFY_SOCKET: '{address}': ", notifier.Problem, StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            notifier.Tell($"status {i}"); // only so much is kept
        }

        using var late = new ServiceManager(address);
        notifier.Retry();
        notifier.Tell("last");

        await late.HearsAsync("STATUS=last");
        Assert.Null(notifier.Problem);
        Assert.Equal(
            ["READY=1\nSTATUS=one", .. Enumerable.Range(0, 7).Select(i => $"STATUS=status {i}"), "STATUS=last"],
            late.News);
    }

    private static ServiceNotifier Notifier(ServiceManager manager) =>
        ServiceNotifier.Of(name => manager.Environment().GetValueOrDefault(name));
}
