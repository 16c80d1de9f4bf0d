using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>What the admin address answers.</summary>
internal static class AdminEndpoints
{
    private const string Text = "text/plain; charset=utf-8";

    /// <param name="target">The request target; a query is ignored.</param>
    /// <param name="world">The state to report.</param>
    /// <param name="lifecycle">Whether the process is ready.</param>
    /// <returns>Null where there is nothing at that path.</returns>
    public static OwnAnswer? Answer(string target, WorldSnapshot world, Lifecycle lifecycle)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return (query < 0 ? target : target[..query]) switch
        {
            "/livez" => new OwnAnswer(StatusCodes.Status200OK, Text, "alive\n"u8.ToArray()),
            "/readyz" when lifecycle.IsReady => new OwnAnswer(StatusCodes.Status200OK, Text, "ready\n"u8.ToArray()),
            "/readyz" => new OwnAnswer(StatusCodes.Status503ServiceUnavailable, Text, "not ready\n"u8.ToArray()),
            "/health" => HealthDocument.Answer(world, withBackends: true),
            _ => null,
        };
    }
}
