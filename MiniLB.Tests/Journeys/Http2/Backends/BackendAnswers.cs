namespace MiniLB.Tests.Journeys.Http2.Backends;

/// <summary>What the recording backend answers, by path; anything else gets "ok".</summary>
internal static class BackendAnswers
{
    /// <summary>Sent after each row to see that nothing is left behind; not recorded.</summary>
    public const string Fence = "/fence";

    /// <summary>Reads the request and never answers.</summary>
    public const string Hang = "/hang";

    /// <summary>Does not even read the body.</summary>
    public const string Stall = "/stall";

    public const int LargeSize = 4 * 1024 * 1024;

    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["/trailers"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
            + "3\r\nabc\r\n0\r\nX-Sum: 42\r\nX-Sum: 43\r\n\r\n",
        ["/trailers-alone"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 42\r\n\r\n",
        ["/204"] = "HTTP/1.1 204 No Content\r\nX-Kind: none\r\n\r\n",
        ["/304"] = "HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\nContent-Length: 7\r\n\r\n",
        ["/head"] = "HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n",
        ["/hop"] = "HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            + "Proxy-Connection: keep-alive\r\nX-UPPER: Kept\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        ["/cookies"] = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nContent-Length: 2\r\nSet-Cookie: b=2\r\n\r\nok",
        ["/bytes"] = "HTTP/1.1 200 OK\r\nX-Bytes: caf\u00e9 \u0080\tend\r\nX-Empty:\r\nContent-Length: 2\r\n\r\nok",
        ["/early-hints"] = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        ["/continue"] = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        ["/until-closed"] = "HTTP/1.1 200 OK\r\n\r\nok",
        ["/http10"] = "HTTP/1.0 200 OK\r\n\r\nok",
        ["/short"] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        ["/short-chunked"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        ["/bad-chunk"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n",
        ["/nonsense"] = "nonsense\r\n\r\n",
        ["/two-lengths"] = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        ["/nul"] = "HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\nContent-Length: 2\r\n\r\nok",
        ["/unasked-101"] = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        ["/too-much"] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            + "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled",
        ["/gone"] = "",
    };

    private static readonly string[] Closing =
        ["/until-closed", "/http10", "/short", "/short-chunked", "/bad-chunk", "/nonsense", "/two-lengths", "/gone"];

    public static bool Closes(RecordedRequest request) => Closing.Contains(request.Path);

    public static string For(RecordedRequest request) => request.Path switch
    {
        "/echo" => $"HTTP/1.1 200 OK\r\nContent-Length: {request.Body.Length}\r\n\r\n{request.Body}",
        "/large" => $"HTTP/1.1 200 OK\r\nContent-Length: {LargeSize}\r\n\r\n{new string('x', LargeSize)}",
        var path => Scripts.GetValueOrDefault(path, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    };
}
