using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Connections that stand for a user are that client's alone; all others are shared.</summary>
internal static class SharingRows
{
    public static readonly ExchangeRow[] All =
    [
        Asked("asks-ntlm", "NTLM", isNew: true), Asked("asks-negotiate", "Negotiate", isNew: true),
        Asked("asks-lower-case", "ntlm", isNew: true), Asked("asks-with-token", "NTLM TlRMTVNTUAAC", isNew: true),
        Asked("asks-in-list", "Basic realm=\"x\", Negotiate", isNew: true),
        Asked("asks-basic", "Basic realm=\"NTLM\"", isNew: false),
        Asked("asks-bearer", "Bearer", isNew: false),
        Sent("sends-ntlm", "NTLM TlRMTVNTUAAB", isNew: true), Sent("sends-negotiate", "Negotiate YII=", isNew: true),
        Sent("sends-lower-case", "negotiate YII=", isNew: true), Sent("sends-basic", "Basic eDp5", isNew: false),
        new("same-client", "the client's next request goes on its own connection")
        {
            OnFreshConnections = true,
            Sends =
            [
                Get(), Await("no"), Get("Authorization: NTLM TlRMTVNTUAAB\r\n", "/2"), Await("ok"), Get(target: "/3"),
            ],
            Backend = [[Body, Asks("NTLM")], [Body, Ok], [Body, Ok]],
            Sees = [new(401) { Body = "no" }, new(200) { Body = "ok" }, new(200) { Body = "ok" }],
            Reaches =
            [
                new("GET / HTTP/1.1") { OnNewConnection = true }, new("GET /2 HTTP/1.1") { OnNewConnection = false },
                new("GET /3 HTTP/1.1") { OnNewConnection = false },
            ],
            OthersOnNewConnection = true,
        },
        new("client-leaves", "the connection ends with its client")
        {
            OnFreshConnections = true,
            Sends = [Get(), Await("no"), Close],
            Backend = [[Body, Asks("NTLM"), HearEnd]],
            Then = Then.ClientLeft,
            Reaches = [new("GET / HTTP/1.1")],
            OthersOnNewConnection = true,
        },
    ];

    private static string Asks(string scheme) =>
        $"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: {scheme}\r\nContent-Length: 2\r\n\r\nno";

    private static ExchangeRow Asked(string name, string scheme, bool isNew) => new(name, isNew
        ? "a connection that was asked for such a login is not shared"
        : "a login that each request brings leaves the connection shared")
    {
        OnFreshConnections = true,
        Sends = [Get()],
        Backend = [[Body, Asks(scheme)]],
        Sees = [new(401) { Body = "no", Has = [$"WWW-Authenticate: {scheme}"] }],
        Reaches = [new("GET / HTTP/1.1")],
        OthersOnNewConnection = isNew,
    };

    private static ExchangeRow Sent(string name, string value, bool isNew) => new(name, isNew
        ? "a connection that such a login was sent on is not shared"
        : "a login that each request brings leaves the connection shared")
    {
        OnFreshConnections = true,
        Sends = [Get($"Authorization: {value}\r\n")],
        Reaches = [new("GET / HTTP/1.1") { Has = [$"Authorization: {value}"] }],
        OthersOnNewConnection = isNew,
    };
}
