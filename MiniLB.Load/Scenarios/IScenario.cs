using MiniLB.Load.Engine;

namespace MiniLB.Load.Scenarios;

/// <summary>What one client does, over and over: a plain asynchronous function that any engine can run.</summary>
internal interface IScenario : IDisposable
{
    /// <summary>Does it once. It never throws: what goes wrong is a failure with a name.</summary>
    ValueTask<Outcome> RequestAsync();
}
