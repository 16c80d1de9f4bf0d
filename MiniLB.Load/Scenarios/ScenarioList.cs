using MiniLB.Load.Self;

namespace MiniLB.Load.Scenarios;

/// <summary>All scenarios.</summary>
internal static class ScenarioList
{
    public static readonly IReadOnlyList<ScenarioDefinition> All =
    [
        new("smoke", "16 requests at a time for 10 s: does it answer, every time?", HttpScenario.Get),
        new("steady", "500 requests a second for 30 s", HttpScenario.Get),
        new("ramp", "from 0 to 2,000 requests a second: where does it become slow?", HttpScenario.Get),
        new("spike", "ten times the load within a second, and back", HttpScenario.Get),
        new("soak", "300 requests a second for half an hour: does anything grow or tire?", HttpScenario.Get),
        new("mixed", "answers of 1 KiB to 1 MiB, HEAD, and uploads side by side", HttpScenario.Mixed),
        new("websocket", "100 open WebSockets that wait for their echoes", t => new WebSocketScenario(t)),
        new("sse", "100 event streams at a time, a second long each", t => new EventStreamScenario(t)),
        new("slow-backend", "one backend of three takes 300 ms for every answer", HttpScenario.Get)
        {
            Self = new SystemSettings { Strategy = "peakEwma", FirstDelay = TimeSpan.FromMilliseconds(300) },
        },
        new("failover", "a backend is killed under load, and comes back", HttpScenario.Get)
        {
            Disturb = Disturbances.KillOneAsync,
        },
        new("rolling-restart", "every backend is stopped and started anew, one after the other", HttpScenario.Get)
        {
            Disturb = Disturbances.RestartAllAsync,
        },
        new("drain", "every backend is drained, restarted and enabled again", HttpScenario.Get)
        {
            Disturb = Disturbances.DrainAllAsync,
        },
        new("reload", "another configuration every second: weights, backends, a route", HttpScenario.Get)
        {
            Disturb = Disturbances.ReloadAsync,
        },
        new("overload", "twice what it can do: does it go on doing what it can?", HttpScenario.Get)
        {
            Self = new SystemSettings
            {
                // 3 backends x 4 at a time x 100 a second = 1,200 a second, far below what the machine can do.
                AtOnce = 4,
                Delay = TimeSpan.FromMilliseconds(10),
            },
        },
    ];
}
