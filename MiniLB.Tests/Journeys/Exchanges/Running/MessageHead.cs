namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>The head of a message: its first line and its field lines, as they came.</summary>
internal sealed class MessageHead
{
    public MessageHead(string text)
    {
        Text = text;
        var lines = text.Split("\r\n");
        FirstLine = lines[0];
        Fields = [.. lines.Skip(1).Where(l => l.Length > 0).Select(Field)];
    }

    public string Text { get; }

    public string FirstLine { get; }

    public IReadOnlyList<(string Name, string Value)> Fields { get; }

    public bool IsChunked =>
        Values("Transfer-Encoding").Any(v => v.Equals("chunked", StringComparison.OrdinalIgnoreCase));

    public long? ContentLength => long.TryParse(Values("Content-Length").FirstOrDefault(), out var n) ? n : null;

    public int Status => FirstLine.Length >= 12 && int.TryParse(FirstLine.AsSpan(9, 3), out var status) ? status : 0;

    public IEnumerable<string> Values(string name) =>
        Fields.Where(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(f => f.Value);

    /// <param name="field">"Name: value", or "Name" for any value.</param>
    public bool Has(string field)
    {
        var (name, value) = Field(field);
        return field.Contains(':', StringComparison.Ordinal) ? Values(name).Contains(value) : Values(name).Any();
    }

    public static (string Name, string Value) Field(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }
}
