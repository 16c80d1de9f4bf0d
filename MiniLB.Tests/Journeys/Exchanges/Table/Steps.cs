namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>The words in which scripts are written.</summary>
internal static class Steps
{
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    public static readonly Step Body = new(StepKind.Body);
    public static readonly Step HearEnd = new(StepKind.HearEnd);
    public static readonly Step HalfClose = new(StepKind.HalfClose);
    public static readonly Step Close = new(StepKind.Close);
    public static readonly Step Reset = new(StepKind.Reset);

    /// <summary>The scripts of a backend that answers one request, whole, with "ok".</summary>
    public static readonly Step[][] SaysOk = [[Body, Ok]];

    public static readonly Step AwaitEnd = new(StepKind.AwaitEnd);

    public static readonly Step BackendDone = new(StepKind.BackendDone);

    public static Step Await(string text) => new(StepKind.Await, text);

    public static Step Hear(string text) => new(StepKind.Hear, text);

    public static Step OtherSideHas(string text) => new(StepKind.OtherSideHas, text);

    public static Step Drip(string text, int piece = 1) => new(StepKind.Drip, text, piece);

    /// <summary>The scripts of a backend that reads one request and then does these steps.</summary>
    public static Step[][] Answers(params Step[] steps) => [[Body, .. steps]];

    /// <summary>A GET request with more field lines, each with its CRLF.</summary>
    public static string Get(string fields = "", string target = "/") =>
        $"GET {target} HTTP/1.1\r\nHost: h\r\n{fields}\r\n";

    /// <summary>A POST request with more field lines and whatever follows its head.</summary>
    public static string Post(string fields, string body) => $"POST / HTTP/1.1\r\nHost: h\r\n{fields}\r\n{body}";

    /// <summary>A POST request whose body is chunked.</summary>
    public static string Chunked(string chunks, string fields = "") =>
        Post("Transfer-Encoding: chunked\r\n" + fields, chunks);
}
