using System.Text.Json.Serialization;

namespace MiniLB.State;

/// <summary>A request that could not be served, and the decisions that led there.</summary>
/// <remarks>What clients choose is cut to a length, and so are the lists: <see cref="Statistics.MostFailures"/> of them
/// take 2.5 MB at most.</remarks>
internal sealed record FailedRequest
{
    public const int MostTarget = 256;
    public const int MostMethod = 32;
    public const int MostId = 128;
    public const int MostClient = 64;

    /// <summary>Of the tries and of the backends passed over; the rest is left out.</summary>
    public const int MostListed = 16;

    public required DateTimeOffset Time { get; init; }

    public required string RequestId { get; init; }

    public required string Client { get; init; }

    public required string Method { get; init; }

    public required string Target { get; init; }

    /// <summary>Null where it did not get as far as a pool.</summary>
    public required string? Pool { get; init; }

    /// <summary>What the client was answered; 499 where it had gone.</summary>
    public required int Status { get; init; }

    /// <summary>How the last attempt ended, or why there was none.</summary>
    public required string Why { get; init; }

    /// <summary>Why it was not tried once more.</summary>
    public required string Decision { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<FailedTry> Tries { get; init; }

    /// <summary>The other backends of the pool, as they stood when the request began.</summary>
    public required IReadOnlyList<PassedOver> PassedOver { get; init; }

    public static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}

/// <summary>One attempt of a failed request.</summary>
/// <param name="Reason">Why it ended so, where more is known than the outcome says.</param>
internal sealed record FailedTry(
    string Backend, string Outcome, double Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null);

/// <summary>A backend that a failed request was not given to, and why.</summary>
internal sealed record PassedOver(string Backend, string Why);
