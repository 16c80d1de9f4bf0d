using System.Net;
using MiniLB.Admin;
using MiniLB.Admin.Stats;
using MiniLB.BackgroundLoops.Certificates;
using MiniLB.BackgroundLoops.Connections;
using MiniLB.BackgroundLoops.Discovery;
using MiniLB.BackgroundLoops.Health;
using MiniLB.BackgroundLoops.Logs;
using MiniLB.BackgroundLoops.Memory;
using MiniLB.BackgroundLoops.Reload;
using MiniLB.BackgroundLoops.Rotation;
using MiniLB.BackgroundLoops.Shutdown;
using MiniLB.BackgroundLoops.Statistics;
using MiniLB.BackgroundLoops.Supervision;
using MiniLB.BackgroundLoops.Tracing;
using MiniLB.BackgroundLoops.Upgrade;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Logging;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Accept.Http2;
using MiniLB.RequestPath.Accept.Tls;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Hooks;
using MiniLB.RequestPath.Retry;
using MiniLB.RequestPath.Route;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;
using MiniLB.Transport;
using MiniLB.Transport.Epoll;

namespace MiniLB;

/// <summary>Puts the balancer together, runs it until it is told to stop, and stops it.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly BalancerOptions _options;
    private readonly ReloadSource _reloads;
    private readonly World _world;
    private readonly Lifecycle _lifecycle = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ProtocolChoice _protocols;
    private readonly ClientAcceptor _acceptor;
    private readonly LoggerFactory _log;
    private readonly ListenerSet _listeners;
    private readonly PoolPaths _paths;
    private readonly HealthLoop _health;
    private readonly DnsClient _dns;
    private readonly DiscoveryLoop _discovery;
    private readonly RequestPipeline _pipeline;
    private readonly Reloader _reloader;
    private readonly Upgrader _upgrader;
    private readonly EventFeed _events;
    private readonly SpanQueue? _spans;

    // Ends the loops.
    private readonly CancellationTokenSource _end = new();

    /// <param name="options">What is obeyed first.</param>
    /// <param name="hooks">What is asked around each request.</param>
    /// <param name="reloads">Where another configuration comes from.</param>
    /// <param name="inherited">Sockets that are open already.</param>
    /// <exception cref="IOException">The access log cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The access log may not be written.</exception>
    public Balancer(
        BalancerOptions options, IReadOnlyList<RequestHook> hooks, ReloadSource reloads, InheritedSockets inherited)
    {
        (_options, _reloads) = (options, reloads);
        _log = ProgramLog.Open(options.Log);
        _listeners = new ListenerSet(options, Logger<ListenerSet>(), inherited);
        _paths = new PoolPaths(_time, Logger<RetryLoop>());
        var limiters = new RateLimiters(Logger<RateLimiters>());
        _world = new World(options, _time, _paths.Make, o =>
        {
            limiters.Apply(o);
            return RouteTable.Of(o, limiters);
        });
        var allowance = new Allowance(MemoryPlan.Current.Connections(options.Limits));
        _protocols = new ProtocolChoice(
            _world, allowance, new TlsHandshake(_world.Statistics.Refusals, _time, Logger<TlsHandshake>()));
        _acceptor = new ClientAcceptor(
            _world, allowance, new ProxyHeaderReader(_world, Logger<ProxyHeaderReader>()), _protocols,
            Logger<ClientAcceptor>());
        var ofLoops = Logger<EventLoop>();
        EventLoop.Failed = e => TransportLog.NotServed(ofLoops, e);
        _listeners.Serve = _acceptor.RunAsync;
        var system = new SystemFiles();
        _dns = new DnsClient(() => system.Resolver, _time);
        _discovery = new DiscoveryLoop(
            _world, SourceLookup.OfSystem(_dns, system), _time, Logger<DiscoveryLoop>());
        _health = new HealthLoop(_world, _time, Logger<HealthLoop>());
        _events = new EventFeed(_world, new StatsAnswers(_world, _lifecycle).Bytes, _time, Logger<EventFeed>());
        _spans = options.Tracing is { Enabled: true, Otlp: not null } ? new SpanQueue() : null;
        _reloader = new Reloader(_world, reloads.Load, ApplyAsync, Logger<Reloader>())
        {
            Began = () => Notifier.Reloading(),
            Ended = () => Notifier.Reloaded(),
        };
        _upgrader = new Upgrader(_listeners, _lifecycle, Logger<Upgrader>())
        {
            Served = process => Notifier.TellMainProcess(process),
        };
        _pipeline = new RequestPipeline(
            _world, new AdminPipeline(Admin()), limiters, Logger<RequestPipeline>())
        {
            AccessLog = AccessLog.Open(options.AccessLog, Logger<AccessLog>(), _world.Statistics.LostLines),
            Hooks = HookChain.Of(hooks, Logger<HookChain>()),
            Spans = _spans,
        };
    }

    /// <summary>Who hears how the process stands.</summary>
    public ServiceNotifier Notifier { get; init; } = ServiceNotifier.None;

    public IEnumerable<EndPoint> ClientEndPoints => _listeners.ClientEndPoints;

    public EndPoint? AdminEndPoint => _listeners.AdminEndPoint;

    /// <summary>Serves until <paramref name="stop"/>, then stops gracefully until <paramref name="cut"/>.</summary>
    /// <param name="stop">Asks for a graceful stop.</param>
    /// <param name="cut">Asks for a stop at once.</param>
    /// <param name="started">Called once clients are served.</param>
    /// <exception cref="ListenException">An address cannot be listened on.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken cut, Action<Balancer>? started = null)
    {
        var logger = Logger<Balancer>();
        using var renamed = new LogSignals(() => _pipeline.AccessLog?.Reopen());
        using var reload = new ReloadLoop(
            _reloader, _reloads.File, () => _world.Current.Options.Files, _time, Logger<ReloadLoop>());
        using var upgrade = new UpgradeSignal(_upgrader.ObeyAsync);
        using var beforeReady = CancellationTokenSource.CreateLinkedTokenSource(stop, cut);
        await _discovery.FirstAsync(beforeReady.Token);
        await _health.FirstSweepAsync(beforeReady.Token);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        _protocols.Http1 = new Http1Server(
            _world, _lifecycle, _pipeline.ServeAsync, _pipeline.RefuseAsync);
        _protocols.Http2 = new Http2Server(
            _world, _lifecycle, _pipeline.ServeAsync, _pipeline.RefuseAsync, Logger<Http2Server>());
        await _listeners.OpenAsync();
        _world.BeginServing();
        _world.Statistics.Pauses.Watch();
        var statistics = new StatisticsLoop(_world.Statistics, _time);
        var supervision = new SupervisionLoop(Notifier, _world, _time, Logger<SupervisionLoop>());
        Task[] loops =
        [
            _health.RunAsync(_end.Token), Rotation().RunAsync(_end.Token), Sweep().RunAsync(_end.Token),
            statistics.RunAsync(_end.Token), _events.RunAsync(_end.Token), SendSpansAsync(_end.Token),
            reload.RunAsync(_end.Token), _discovery.RunAsync(_end.Token),
            new CertificateLoop(_world, _time, Logger<CertificateLoop>()).RunAsync(_end.Token),
            supervision.RunAsync(_end.Token),
            new MemoryLoop(_world, _time, EventLoops.OfProcess?.All ?? []).RunAsync(_end.Token),
        ];
        _lifecycle.BecomeReady();
        StartLine.Write(logger, _world.Current, _listeners);
        StartLine.WriteMemory(logger, MemoryPlan.Current, _options.Limits);
        supervision.BeginServing();
        started?.Invoke(this);
        ReadySignal.Send();
        _listeners.Own();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(stop, _upgrader.Replaced);
        await WhenCancelled(leave.Token);
        _upgrader.Abandon();
        supervision.BeginStop();
        await Stop().RunAsync(cut);
        await _end.CancelAsync();
        await Task.WhenAll(loops);
        // No client is left; the admin connections that are need no farewell.
        await _listeners.StopAcceptingAsync();
        StartLine.WriteStopped(logger);
    }

    public async ValueTask DisposeAsync()
    {
        _pipeline.AccessLog?.Dispose();
        _reloader.Dispose();
        _upgrader.Dispose();
        _health.Dispose();
        _dns.Dispose();
        _end.Dispose();
        _paths.Dispose();
        await _listeners.DisposeAsync();
        // Writes what waits.
        _log.Dispose();
    }

    private Task<string?> ApplyAsync(BalancerOptions options) =>
        _discovery.ReloadAsync(options, ApplyNowAsync, _end.Token);

    // Sockets that were opened now would be in the way of whoever serves after us. The look-ups before may have taken
    // seconds.
    private Task<string?> ApplyNowAsync(BalancerOptions options) => !_lifecycle.IsReady || _lifecycle.IsStopping
        ? Task.FromResult<string?>("the process is about to stop")
        : new Reconfiguration(
            _world, _listeners, _acceptor, _pipeline, Logger<AccessLog>())
            .ApplyAsync(options);

    // Where another process serves already there is nobody to warn, and operators are to reach that one.
    private GracefulStop Stop()
    {
        var options = _world.Current.Options.Shutdown;
        var isReplaced = _upgrader.Replaced.IsCancellationRequested;
        // What the next process has is not to be held back, and there is nothing to hand over.
        return new GracefulStop(
            isReplaced ? options with { Delay = TimeSpan.Zero, HandOver = TimeSpan.Zero } : options, _lifecycle,
            _world.Statistics.Connections, _listeners, Logger<GracefulStop>()) { IsReplaced = isReplaced };
    }

    private AdminEndpoints Admin()
    {
        var backends = new BackendAnswers(_world);
        return new AdminEndpoints(
            _world, _lifecycle, backends, new BackendCommands(_world, backends, Logger<BackendCommands>()), _events,
            new ReloadCommand(_reloader.ReloadAsync), new UpgradeCommand(_upgrader.RunAsync, _upgrader.LetGo));
    }

    private async Task SendSpansAsync(CancellationToken cancellationToken)
    {
        if (_spans is not null)
        {
            using var loop = new SpanExportLoop(_spans, _options.Tracing.Otlp!, _time, Logger<SpanExportLoop>());
            await loop.RunAsync(cancellationToken);
        }
    }

    private RotationLoop Rotation() => new(_world, _time, Logger<RotationLoop>());

    private ConnectionSweep Sweep() =>
        new(
            _world.Statistics.Connections, () => _world.Current.Options.Timeouts, SweepBackends,
            _time, Logger<ConnectionSweep>());

    private void SweepBackends(long now)
    {
        _paths.Sweep(_world.Current, now);
        _world.Tidy();
    }

    private ILogger<T> Logger<T>() => _log.CreateLogger<T>();

    private static async Task WhenCancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.UnsafeRegister(
            static t => ((TaskCompletionSource)t!).TrySetResult(), cancelled);
        await cancelled.Task;
    }
}
