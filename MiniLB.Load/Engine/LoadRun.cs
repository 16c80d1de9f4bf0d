using MiniLB.Load.Profiles;

namespace MiniLB.Load.Engine;

/// <summary>Everything an engine needs to run a scenario.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="RequestAsync">Makes one request. It never throws.</param>
/// <param name="Profile">How many, and when.</param>
/// <param name="Recorder">Counts them.</param>
/// <param name="Folder">Where an engine that has reports of its own writes them; null for nowhere.</param>
internal sealed record LoadRun(
    string Scenario,
    Func<ValueTask<Outcome>> RequestAsync,
    LoadProfile Profile,
    Recorder Recorder,
    DirectoryInfo? Folder);
