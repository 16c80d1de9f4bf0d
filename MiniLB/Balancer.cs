using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MiniLB.Admin;
using MiniLB.Admin.Stats;
using MiniLB.BackgroundLoops.Connections;
using MiniLB.BackgroundLoops.Health;
using MiniLB.BackgroundLoops.Logs;
using MiniLB.BackgroundLoops.Reload;
using MiniLB.BackgroundLoops.Rotation;
using MiniLB.BackgroundLoops.Shutdown;
using MiniLB.BackgroundLoops.Statistics;
using MiniLB.BackgroundLoops.Tracing;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Balance;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Hooks;
using MiniLB.RequestPath.Retry;
using MiniLB.RequestPath.Route;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB;

/// <summary>Puts the balancer together, runs it until it is told to stop, and stops it.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    private readonly BalancerOptions _options;
    private readonly ReloadSource _reloads;
    private readonly World _world;
    private readonly Lifecycle _lifecycle = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ClientAcceptor _acceptor;
    private readonly WebApplication _app;
    private readonly ListenerSet _listeners;
    private readonly PoolPaths _paths;
    private readonly HealthLoop _health;
    private readonly RequestPipeline _pipeline;
    private readonly Reloader _reloader;
    private readonly EventFeed _events;
    private readonly SpanQueue? _spans;

    /// <param name="options">What is obeyed first.</param>
    /// <param name="hooks">What is asked around each request.</param>
    /// <param name="reloads">Where another configuration comes from.</param>
    /// <exception cref="IOException">The access log cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The access log may not be written.</exception>
    public Balancer(BalancerOptions options, IReadOnlyList<RequestHook> hooks, ReloadSource reloads)
    {
        (_options, _reloads) = (options, reloads);
        var builder = WebApplication.CreateSlimBuilder();
        // Neither files in the working directory nor ASPNETCORE_ variables are ours, and watching them costs a thread.
        builder.Configuration.Sources.Clear();
        LogSetup.Apply(builder.Logging, options.Log);
        builder.WebHost.ConfigureKestrel(kestrel => KestrelSetup.Apply(
            kestrel, options, (connection, http2) => _acceptor!.RunAsync(connection, http2)));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ListenerSet>();
        builder.Services.RemoveAll<IConnectionListenerFactory>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(
            services => services.GetRequiredService<ListenerSet>());
        _app = builder.Build();
        _paths = new PoolPaths(_time, Logger<RetryLoop>());
        _world = new World(options, _time, _paths.Make, RouteTable.Of);
        _acceptor = new ClientAcceptor(_world.Statistics.Connections, new Allowance(options.Limits.Connections));
        _listeners = _app.Services.GetRequiredService<ListenerSet>();
        _health = new HealthLoop(_world, _time, Logger<HealthLoop>());
        _events = new EventFeed(_world, new StatsAnswers(_world, _lifecycle).Bytes, _time, Logger<EventFeed>());
        _spans = options.Tracing is { Enabled: true, Otlp: not null } ? new SpanQueue() : null;
        _reloader = new Reloader(_world, reloads.Load, ApplyAsync, Logger<Reloader>());
        _pipeline = new RequestPipeline(
            _world, _lifecycle, _events, _reloader.ReloadAsync, Logger<RequestPipeline>())
        {
            AccessLog = AccessLog.Open(options.AccessLog, Logger<AccessLog>()),
            Hooks = HookChain.Of(hooks, Logger<HookChain>()),
            Spans = _spans,
        };
    }

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
        using var end = new CancellationTokenSource();
        using var renamed = new LogSignals(() => _pipeline.AccessLog?.Reopen());
        using var reload = new ReloadLoop(_reloader, _reloads.File, _time, Logger<ReloadLoop>());
        using var beforeReady = CancellationTokenSource.CreateLinkedTokenSource(stop, cut);
        await _health.FirstSweepAsync(beforeReady.Token);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        var server = _app.Services.GetRequiredService<IServer>();
        _acceptor.Http1 = new Http1Server(
            _world, _lifecycle, _pipeline.ServeHttp1Async, _pipeline.RefuseHttp1Async);
        await server.StartAsync(_pipeline, CancellationToken.None);
        _world.BeginServing();
        var statistics = new StatisticsLoop(_world.Statistics, _time);
        Task[] loops =
        [
            _health.RunAsync(end.Token), Rotation().RunAsync(end.Token), Sweep().RunAsync(end.Token),
            statistics.RunAsync(end.Token), _events.RunAsync(end.Token), SendSpansAsync(end.Token),
            reload.RunAsync(end.Token),
        ];
        _lifecycle.BecomeReady();
        StartLine.Write(logger, _world.Current, _listeners);
        started?.Invoke(this);
        await WhenCancelled(stop);
        await new GracefulStop(
            _world.Current.Options.Shutdown, _lifecycle, _world.Statistics.Connections,
            _listeners.StopAcceptingClientsAsync, Logger<GracefulStop>()).RunAsync(cut);
        await end.CancelAsync();
        await Task.WhenAll(loops);
        // No client is left; the admin connections that are need no farewell.
        await server.StopAsync(new CancellationToken(canceled: true));
        StartLine.WriteStopped(logger);
    }

    public async ValueTask DisposeAsync()
    {
        _pipeline.AccessLog?.Dispose();
        _reloader.Dispose();
        _health.Dispose();
        _paths.Dispose();
        await _app.DisposeAsync();
    }

    private Task<string?> ApplyAsync(BalancerOptions options) => new Reconfiguration(
        _world, _listeners, _acceptor, _pipeline,
        _app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits, Logger<AccessLog>())
        .ApplyAsync(options);

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
            _world.Statistics.Connections, () => _world.Current.Options.Timeouts, SendQueue.Untaken, SweepBackends,
            _time, Logger<ConnectionSweep>());

    private void SweepBackends(long now)
    {
        _paths.Sweep(_world.Current, now);
        _world.Tidy();
    }

    private ILogger<T> Logger<T>() => _app.Services.GetRequiredService<ILogger<T>>();

    private static async Task WhenCancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.UnsafeRegister(
            static t => ((TaskCompletionSource)t!).TrySetResult(), cancelled);
        await cancelled.Task;
    }
}
