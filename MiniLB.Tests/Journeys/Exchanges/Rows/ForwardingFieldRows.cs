using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>What a client may say about itself, and what a trusted proxy may.</summary>
internal static class ForwardingFieldRows
{
    public static readonly ExchangeRow[] All =
    [
        Replaced("for", "X-Forwarded-For of a stranger is replaced", "X-Forwarded-For: 6.6.6.6\r\n",
            "X-Forwarded-For: 127.0.0.1"),
        Replaced("for-twice", "every X-Forwarded-For of a stranger is replaced",
            "X-Forwarded-For: 6.6.6.6\r\nx-forwarded-for: 7.7.7.7\r\n", "X-Forwarded-For: 127.0.0.1"),
        Replaced("proto", "X-Forwarded-Proto of a stranger is replaced", "X-Forwarded-Proto: https\r\n",
            "X-Forwarded-Proto: http"),
        Replaced("host", "X-Forwarded-Host of a stranger is replaced", "X-Forwarded-Host: evil\r\n",
            "X-Forwarded-Host: h"),
        Removed("port", "X-Forwarded-Port of a stranger is removed", "X-Forwarded-Port: 6666\r\n",
            "X-Forwarded-Port"),
        Removed("any", "any X-Forwarded field of a stranger is removed", "X-Forwarded-Client-Cert: x\r\n",
            "X-Forwarded-Client-Cert"),
        Removed("real-ip", "X-Real-IP of a stranger is removed", "X-Real-IP: 6.6.6.6\r\n", "X-Real-IP"),
        Removed("forwarded", "Forwarded of a stranger is removed", "Forwarded: for=6.6.6.6\r\n", "Forwarded"),
        Removed("for-underscored", "X_Forwarded_For is removed", "X_Forwarded_For: 6.6.6.6\r\n", "X_Forwarded_For"),
        Removed("for-half-underscored", "X-Forwarded_For is removed", "x-forwarded_For: 6.6.6.6\r\n",
            "X-Forwarded_For"),
        Removed("proto-underscored", "X_Forwarded_Proto is removed", "X_FORWARDED_PROTO: https\r\n",
            "X_Forwarded_Proto"),
        Removed("real-ip-underscored", "X_Real_IP is removed", "X_Real-IP: 6.6.6.6\r\n", "X_Real-IP"),
        Removed("request-id-underscored", "X_Request_Id is removed", "X_Request_Id: 6666\r\n", "X_Request_Id"),
        Removed("request-id", "X-Request-Id of a stranger is replaced", "X-Request-Id: 6666\r\n",
            "X-Request-Id: 6666"),
        Removed("hidden-by-connection", "naming a field in Connection does not hide it from replacement",
            "Connection: X-Forwarded-For, X-Real-IP\r\nX-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n",
            "X-Real-IP", "X-Forwarded-For: 6.6.6.6"),
        Passed("similar", "fields that only look alike stay", Get("X-Forward: 1\r\nX-Real-IPs: 2\r\nForwarde: 3\r\n"),
            new("GET / HTTP/1.1") { Has = ["X-Forward: 1", "X-Real-IPs: 2", "Forwarde: 3"] }),
        Trusted("for", "a trusted proxy's X-Forwarded-For is appended to", "X-Forwarded-For: 9.9.9.9\r\n",
            "X-Forwarded-For: 9.9.9.9, 127.0.0.1"),
        Trusted("for-list", "the whole list of a trusted proxy is kept", "X-Forwarded-For: 1.1.1.1, 9.9.9.9\r\n",
            "X-Forwarded-For: 1.1.1.1, 9.9.9.9, 127.0.0.1"),
        Trusted("for-none", "a trusted proxy need not send one", "", "X-Forwarded-For: 127.0.0.1"),
        Trusted("proto", "a trusted proxy's X-Forwarded-Proto is kept", "X-Forwarded-Proto: https\r\n",
            "X-Forwarded-Proto: https"),
        Trusted("host", "a trusted proxy's X-Forwarded-Host is kept", "X-Forwarded-Host: public.test\r\n",
            "X-Forwarded-Host: public.test"),
        Trusted("port", "a trusted proxy's further fields are kept", "X-Forwarded-Port: 443\r\n",
            "X-Forwarded-Port: 443"),
        Trusted("request-id", "a trusted proxy's X-Request-Id is kept", "X-Request-Id: abc\r\n",
            "X-Request-Id: abc"),
        Trusted("named-by-connection", "Connection cannot strip what a trusted proxy is told to be",
            "Connection: X-Forwarded-Proto\r\nX-Forwarded-For: 9.9.9.9\r\n", "X-Forwarded-Proto: http"),
        Passed("via", "Via of a stranger is appended to", Get("Via: 1.0 other\r\n"),
            new("GET / HTTP/1.1") { Joined = ["Via: 1.0 other, 1.1 minilb"] }),
        Passed("via-lines", "every Via of a stranger is kept", Get("Via: 1.0 a\r\nVia: 1.1 b (x)\r\n"),
            new("GET / HTTP/1.1") { Joined = ["Via: 1.0 a, 1.1 b (x), 1.1 minilb"] }),
        Trusted("for-lines", "every line of a trusted proxy is kept",
            "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 9.9.9.9\r\n",
            "X-Forwarded-For: 1.1.1.1, 9.9.9.9, 127.0.0.1"),
    ];

    private static ExchangeRow Replaced(string name, string promise, string fields, string line) =>
        Passed(name, promise, Get(fields), new("GET / HTTP/1.1") { Lines = [line] });

    private static ExchangeRow Removed(string name, string promise, string fields, params string[] gone) =>
        Passed(name, promise, Get(fields), new("GET / HTTP/1.1") { Lacks = gone });

    private static ExchangeRow Trusted(string name, string promise, string fields, string line) =>
        Passed("trusted-" + name, promise, Get(fields), new("GET / HTTP/1.1") { Lines = [line] }) with
        {
            Bench = BenchKind.Trusting,
        };
}
