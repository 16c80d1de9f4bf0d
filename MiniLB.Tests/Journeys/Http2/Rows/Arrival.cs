using MiniLB.Tests.Journeys.Http2.Backends;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>What must have reached the backend in the end.</summary>
internal sealed record Arrival(string Text, Func<IReadOnlyList<RecordedRequest>, bool> Holds)
{
    public static Arrival Nothing { get; } = new("nothing", r => r.Count == 0);

    /// <summary>A head may have gone out before the fault was known, its body must never have come to an end.</summary>
    public static Arrival NothingWhole { get; } = new("no whole request", r => r.All(x => !x.Complete));

    /// <summary>Exactly one whole request that begins with this line.</summary>
    public static Arrival Line(string line) =>
        new($"one '{line}'", r => r is [{ Complete: true } one] && one.Line == line);

    public static Arrival operator |(Arrival one, Arrival other) =>
        new($"{one.Text}, or {other.Text}", r => one.Holds(r) || other.Holds(r));

    /// <summary>And these lines, names in any case; a list's lines may have been joined.</summary>
    public Arrival With(params string[] lines) => And(
        $"with [{string.Join(" | ", lines)}]",
        r => lines.All(l => r.Head.Contains($"\r\n{l}\r\n", StringComparison.OrdinalIgnoreCase)));

    /// <summary>And no field of these names.</summary>
    public Arrival Without(params string[] names) => And(
        $"without [{string.Join(", ", names)}]", r => names.All(n => !r.Values(n).Any()));

    /// <summary>And exactly these lines of one name.</summary>
    public Arrival Having(string name, params string[] values) => And(
        $"having {name} [{string.Join(" | ", values)}]", r => r.Values(name).SequenceEqual(values));

    public Arrival WithBody(string body) => And($"with body [{body}]", r => r.Body == body);

    public Arrival WithTrailers(params string[] lines) => And(
        $"with trailers [{string.Join(" | ", lines)}]",
        r => r.Trailers.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
            .SequenceEqual(lines, StringComparer.OrdinalIgnoreCase));

    private Arrival And(string text, Func<RecordedRequest, bool> holds) =>
        new($"{Text} {text}", r => Holds(r) && holds(r[0]));
}
