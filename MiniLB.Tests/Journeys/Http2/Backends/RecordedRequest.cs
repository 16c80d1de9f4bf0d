namespace MiniLB.Tests.Journeys.Http2.Backends;

/// <summary>One request as its bytes came. Written by the task of its connection, read when it has ended.</summary>
internal sealed class RecordedRequest(string head)
{
    private volatile bool _complete;
    private volatile bool _ended;

    public string Head => head;

    public string Line => head[..head.IndexOf("\r\n", StringComparison.Ordinal)];

    public string Method => head[..head.IndexOf(' ', StringComparison.Ordinal)];

    /// <summary>The path without its query.</summary>
    public string Path => head.Split(' ')[1].Split('?')[0];

    public string Body { get; set; } = "";

    public string Trailers { get; set; } = "";

    /// <summary>Whether the body came to its end.</summary>
    public bool Complete
    {
        get => _complete;
        set => _complete = value;
    }

    /// <summary>Whether it was answered, or its connection is gone.</summary>
    public bool Ended
    {
        get => _ended;
        set => _ended = value;
    }

    public IEnumerable<string> Values(string name) => head.Split("\r\n").Skip(1)
        .Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(l => l[(name.Length + 1)..].Trim(' '));

    public override string ToString() => $"complete {Complete}, [{head}] body [{Body}] trailers [{Trailers}]";
}
