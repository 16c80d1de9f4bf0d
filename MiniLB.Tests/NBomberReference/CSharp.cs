using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.CSharp;

/// <summary>nbomber.com/docs/nbomber/scenario</summary>
public static class Scenario
{
    public static ScenarioProps Create(string name, Func<IScenarioContext, Task<IResponse>> run) => throw null!;

    public static ScenarioProps WithoutWarmUp(this ScenarioProps scenario) => throw null!;

    public static ScenarioProps WithWarmUpDuration(this ScenarioProps scenario, TimeSpan duration) => throw null!;

    public static ScenarioProps WithLoadSimulations(
        this ScenarioProps scenario, params LoadSimulation[] loadSimulations) => throw null!;

    public static ScenarioProps WithThresholds(this ScenarioProps scenario, params Threshold[] thresholds) =>
        throw null!;

    public static ScenarioProps WithMaxFailCount(this ScenarioProps scenario, int failCount) => throw null!;

    public static ScenarioProps WithRestartIterationOnFail(this ScenarioProps scenario, bool shouldRestart) =>
        throw null!;
}

/// <summary>nbomber.com/docs/nbomber/step</summary>
public static class Step
{
    public static Task<Response<T>> Run<T>(string name, IScenarioContext context, Func<Task<Response<T>>> run) =>
        throw null!;
}

/// <summary>nbomber.com/docs/nbomber/step</summary>
public static class Response
{
    public static Response<object> Ok(
        string statusCode = "", long sizeBytes = 0, string message = "", double customLatencyMs = 0) => throw null!;

    public static Response<object> Fail(
        string statusCode = "", string message = "", long sizeBytes = 0, double customLatencyMs = 0) => throw null!;
}

/// <summary>nbomber.com/docs/nbomber/load-simulation</summary>
public static class Simulation
{
    public static LoadSimulation RampingConstant(int copies, TimeSpan during) => throw null!;

    public static LoadSimulation KeepConstant(int copies, TimeSpan during) => throw null!;

    public static LoadSimulation RampingInject(int rate, TimeSpan interval, TimeSpan during) => throw null!;

    public static LoadSimulation Inject(int rate, TimeSpan interval, TimeSpan during) => throw null!;

    public static LoadSimulation Pause(TimeSpan during) => throw null!;
}

/// <summary>nbomber.com/docs/nbomber/nbomber-runner</summary>
public static class NBomberRunner
{
    public static NBomberContext RegisterScenarios(params ScenarioProps[] scenarios) => throw null!;

    public static NBomberContext WithTestName(this NBomberContext context, string testName) => throw null!;

    public static NBomberContext WithLicense(this NBomberContext context, string licenseKey) => throw null!;

    public static NBomberContext WithReportFolder(this NBomberContext context, string reportFolder) => throw null!;

    public static NBomberContext WithReportFileName(this NBomberContext context, string reportFileName) => throw null!;

    public static NBomberContext WithReportFormats(
        this NBomberContext context, params ReportFormat[] reportFormats) => throw null!;

    public static NBomberContext WithoutReports(this NBomberContext context) => throw null!;

    public static NodeStats Run(this NBomberContext context) => throw null!;
}
