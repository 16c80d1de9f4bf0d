namespace MiniLB.Load.Engine;

/// <summary>Runs a scenario's request by a profile: the built-in engine, or NBomber.</summary>
internal interface ILoadEngine
{
    string Name { get; }

    /// <summary>Ends when the profile is over and every request has ended. <paramref name="stop"/> ends the profile
    /// early.</summary>
    Task RunAsync(LoadRun run, CancellationToken stop);
}
