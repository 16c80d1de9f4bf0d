using System.Linq.Expressions;
using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>nbomber.com/docs/nbomber/step</summary>
public interface IResponse;

/// <summary>nbomber.com/docs/nbomber/step</summary>
public sealed class Response<T> : IResponse;

/// <summary>nbomber.com/docs/nbomber/scenario#scenario-context</summary>
public enum ScenarioOperation
{
    Init = 0,
    Clean = 1,
    WarmUp = 2,
    Bombing = 3,
}

/// <summary>nbomber.com/docs/nbomber/scenario#scenario-context</summary>
public sealed class ScenarioInfo
{
    public ScenarioOperation ScenarioOperation => throw null!;
}

/// <summary>nbomber.com/docs/nbomber/scenario#scenario-context</summary>
public interface IScenarioContext
{
    ScenarioInfo ScenarioInfo { get; }

    void StopCurrentTest(string reason);
}

/// <summary>nbomber.com/docs/nbomber/scenario</summary>
public sealed class ScenarioProps;

/// <summary>nbomber.com/docs/nbomber/load-simulation</summary>
public sealed class LoadSimulation;

/// <summary>nbomber.com/docs/nbomber/nbomber-runner</summary>
public sealed class NBomberContext;

/// <summary>nbomber.com/docs/nbomber/asserts_and_thresholds#runtime-thresholds</summary>
public sealed class Threshold
{
    public static Threshold Create(
        Expression<Func<ScenarioStats, bool>> checkScenario, int? abortWhenErrorCount = null,
        TimeSpan? startCheckAfter = null) => throw null!;
}
