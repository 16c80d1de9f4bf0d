namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>The field lists of requests.</summary>
internal static class Fields
{
    public static (string Name, string Value)[] Get(string path, params (string Name, string Value)[] more) =>
        Request("GET", path, more);

    public static (string Name, string Value)[] Post(string path, params (string Name, string Value)[] more) =>
        Request("POST", path, more);

    public static (string Name, string Value)[] Request(
        string method, string path, params (string Name, string Value)[] more) =>
        [(":method", method), (":scheme", "http"), (":authority", "row.test"), (":path", path), .. more];

    /// <summary>Extended CONNECT for a WebSocket (RFC 8441).</summary>
    public static (string Name, string Value)[] WebSocket(string path, params (string Name, string Value)[] more) =>
    [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":authority", "row.test"),
        (":path", path), ("sec-websocket-version", "13"), .. more,
    ];
}
