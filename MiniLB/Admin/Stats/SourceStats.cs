using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Admin.Stats;

/// <summary>One source of backends, and how its look-ups go.</summary>
internal sealed record SourceStats
{
    /// <summary>Such as "dns http://api.internal:8080".</summary>
    public required string Source { get; init; }

    /// <summary>Backends that it has by now.</summary>
    public required int Backends { get; init; }

    /// <summary>When it was last looked up; null where it never could be.</summary>
    public required DateTimeOffset? SucceededAt { get; init; }

    public required long Failures { get; init; }

    /// <summary>Why the last look-up failed; null where it did not.</summary>
    public required string? Problem { get; init; }

    public static SourceStats Of(BackendSource source, SourceRecord record) => new()
    {
        Source = source.Key,
        Backends = record.Backends,
        SucceededAt = record.SucceededAt,
        Failures = record.Failures,
        Problem = record.Problem,
    };
}
