using System.Globalization;
using System.Text;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>What has come on one stream. Written by the connection's reading task, read by the test under the
/// connection's lock.</summary>
internal sealed class StreamState
{
    public List<(string Name, string Value)>? Head { get; set; }

    public List<(string Name, string Value)>? Trailers { get; set; }

    /// <summary>Heads with a status below 200.</summary>
    public List<string> Interim { get; } = [];

    public MemoryStream Body { get; } = new();

    public bool Ended { get; set; }

    public ErrorCode? Reset { get; set; }

    /// <summary>What may still be sent on this stream beyond the connection's initial window.</summary>
    public long WindowChange { get; set; }

    public int? Status => Head is null ? null : int.Parse(Of(":status")!, CultureInfo.InvariantCulture);

    public string Text => Encoding.Latin1.GetString(Body.GetBuffer().AsSpan(0, (int)Body.Length));

    /// <summary>The value of a field of the head; of several lines the first.</summary>
    public string? Of(string name) => Head?.Where(f => f.Name == name).Select(f => f.Value).FirstOrDefault();

    public override string ToString() =>
        $"status {Status}, {Body.Length} bytes, ended {Ended}, reset {Reset}, head [{Join(Head)}], "
        + $"trailers [{Join(Trailers)}]";

    private static string Join(List<(string Name, string Value)>? fields) =>
        string.Join(" | ", fields?.Select(f => $"{f.Name}: {f.Value}") ?? []);
}
