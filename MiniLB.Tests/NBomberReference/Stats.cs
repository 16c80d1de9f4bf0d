namespace NBomber.Contracts.Stats;

/// <summary>nbomber.com/docs/nbomber/nbomber-runner#withreportformats</summary>
public enum ReportFormat
{
    Txt = 0,
    Html = 1,
    Csv = 2,
    Md = 3,
}

/// <summary>nbomber.com/docs/nbomber/asserts_and_thresholds</summary>
public sealed class RequestStats
{
    public int Count => throw null!;

    public double RPS => throw null!;
}

/// <summary>nbomber.com/docs/nbomber/asserts_and_thresholds</summary>
public sealed class LatencyStats
{
    public double Percent50 => throw null!;

    public double Percent95 => throw null!;

    public double Percent99 => throw null!;

    public double MaxMs => throw null!;
}

/// <summary>nbomber.com/docs/nbomber/asserts_and_thresholds</summary>
public sealed class MeasurementStats
{
    public RequestStats Request => throw null!;

    public LatencyStats Latency => throw null!;
}

/// <summary>nbomber.com/docs/nbomber/asserts_and_thresholds</summary>
public sealed class ScenarioStats
{
    public MeasurementStats Ok => throw null!;

    public MeasurementStats Fail => throw null!;
}

/// <summary>nbomber.com/docs/nbomber/nbomber-runner#run</summary>
public sealed class NodeStats;
