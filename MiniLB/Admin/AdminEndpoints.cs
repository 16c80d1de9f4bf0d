using System.Globalization;
using System.Text;
using MiniLB.Admin.Metrics;
using MiniLB.Admin.Stats;
using MiniLB.Config;
using MiniLB.State;
using static MiniLB.Admin.AdminRoute;

namespace MiniLB.Admin;

/// <summary>What there is on the admin address.</summary>
internal sealed class AdminEndpoints(
    World world, Lifecycle lifecycle, BackendAnswers backends, BackendCommands commands, EventFeed events,
    ReloadCommand reload, UpgradeCommand upgrade)
{
    private static readonly AdminRefusal TooManyStreams = new(
        StatusCodes.Status503ServiceUnavailable, "too-many-streams", "Too many watch already",
        $"There are at most {EventFeed.MostStreams} streams; GET /stats answers at any time");

    private readonly MetricsAnswers _metrics = new(world, lifecycle);
    private readonly StatsAnswers _stats = new(world, lifecycle);

    /// <returns>Null where there is nothing at that path.</returns>
    public AdminRoute? Find(string target) => AdminPath.Segments(target) switch
    {
        [""] => Get(DashboardPage.Answer),
        ["events"] => Get(Events) with { IsStream = true },
        ["livez"] => Get(() => Text(StatusCodes.Status200OK, "alive\n")),
        ["readyz"] => Get(Readiness),
        ["health"] => Get(() => HealthDocument.Answer(world.Current, withBackends: true)),
        ["metrics"] => Get(c => _metrics.Answer(c.Accept)),
        ["stats"] => Get(() => _stats.Answer()),
        ["failures"] => Get(() => FailuresDocument.Answer(world.Statistics)),
        ["reload"] => new AdminRoute("POST", reload.RunAsync),
        ["upgrade"] => new AdminRoute("POST", upgrade.RunAsync),
        ["config"] => Get(Configuration),
        ["backends"] => Get(() => backends.All()),
        ["backends", var pool, var name] => Get(() => backends.One(pool, name)),
        ["backends", var pool, var name, "drain"] => Post(c => commands.SetMode(pool, name, BackendMode.Draining, c)),
        ["backends", var pool, var name, "enable"] => Post(c => commands.SetMode(pool, name, BackendMode.Enabled, c)),
        ["backends", var pool, var name, "disable"] => Post(c => commands.SetMode(pool, name, BackendMode.Disabled, c)),
        ["backends", var pool, var name, "weight"] => Put(c => commands.SetWeight(pool, name, c)),
        _ => null,
    };

    private AdminAnswer Events() => events.Open() is { } stream ? stream : TooManyStreams;

    private AdminAnswer Readiness() => lifecycle.IsReady
        ? Text(StatusCodes.Status200OK, "ready\n" + ReloadDetail())
        : Text(StatusCodes.Status503ServiceUnavailable, "not ready\n");

    // A file that is wrong now would end the next start. Readiness is for everybody, what is configured for those who
    // have the token.
    private string ReloadDetail() => world.Statistics.Reloads.Last is { Errors.Count: > 0 } refused
        ? string.Create(CultureInfo.InvariantCulture,
            $"the configuration was refused at {refused.Time:yyyy-MM-dd'T'HH:mm:ss}Z, the one before is in effect: ")
            + (world.Current.Options.Admin.Token is null ? refused.Errors[0] : "see the log") + "\n"
        : "";

    private AdminAnswer Configuration() => new OwnAnswer(
        StatusCodes.Status200OK, "application/json", EffectiveJson.Write(world.Current.Options.Effective));

    private static OwnAnswer Text(int status, string text) =>
        new(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text));
}
