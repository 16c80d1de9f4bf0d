using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>What the client must see in the end. A stream error may always become one of the whole connection (RFC
/// 9113, section 5.4).</summary>
internal sealed record Outcome(string Text, Func<Seen, bool> Holds)
{
    /// <summary>A malformed request (RFC 9113, section 8.1.1): 400, or PROTOCOL_ERROR.</summary>
    public static Outcome Refused { get; } = RefusedWith(400, ErrorCode.Protocol);

    /// <summary>A response that was broken off and can not be taken for a whole one.</summary>
    public static Outcome Broken { get; } = new(
        "a response broken off",
        s => !s.Stream.Ended && (s.Stream.Reset is not (null or ErrorCode.None) || s.Closed));

    public static Outcome RefusedWith(int status, params ErrorCode[] codes) => new(
        $"{status} or {string.Join('/', codes)}",
        s => (s.Stream.Ended && s.Stream.Status == status) || s.HasFailed(codes));

    public static Outcome StreamError(params ErrorCode[] codes) =>
        new($"stream error {string.Join('/', codes)}", s => s.HasFailed(codes));

    public static Outcome ConnectionError(params ErrorCode[] codes) => new(
        $"connection error {string.Join('/', codes)}", s => s.Closed && codes.Any(c => s.GoAway == c));

    /// <summary>A whole answer with these "name: value" lines and without these names.</summary>
    public static Outcome Answer(
        int status, string? body = null, string[]? has = null, string[]? lacks = null, string[]? trailers = null) =>
        new(
            $"{status} [{body}] with [{Join(has)}] without [{Join(lacks)}] and trailers [{Join(trailers)}]",
            s => s.Stream.Ended && s.Stream.Reset is null or ErrorCode.None && s.Stream.Status == status
                && (body is null || s.Stream.Text == body)
                && HasInOrder(s.Stream.Head!, has ?? [])
                && (lacks ?? []).All(n => s.Stream.Of(n) is null)
                && (trailers is null || Lines(s.Stream.Trailers ?? []).SequenceEqual(trailers)));

    /// <summary>Where refusing and answering are both sound.</summary>
    public static Outcome operator |(Outcome one, Outcome other) =>
        new($"{one.Text}, or {other.Text}", s => one.Holds(s) || other.Holds(s));

    /// <summary>This interim answer before the final one.</summary>
    public static Outcome Interim(string status) =>
        new($"{status} first", s => s.Stream.Interim.SequenceEqual([status]));

    public static Outcome operator &(Outcome one, Outcome other) =>
        new($"{one.Text}, and {other.Text}", s => one.Holds(s) && other.Holds(s));

    private static bool HasInOrder(List<(string Name, string Value)> fields, string[] wanted)
    {
        var lines = Lines(fields).Where(wanted.Contains).ToArray();
        return lines.SequenceEqual(wanted);
    }

    private static IEnumerable<string> Lines(List<(string Name, string Value)> fields) =>
        fields.Select(f => $"{f.Name}: {f.Value}");

    private static string Join(string[]? lines) => string.Join(", ", lines ?? []);
}
