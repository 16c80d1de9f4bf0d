using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Clients that leave in the middle: the backend's work ends too.</summary>
internal static class AbortRows
{
    private const string Chunk = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n";

    private static readonly RequestSeen Whole = new("GET / HTTP/1.1");

    public static readonly ExchangeRow[] All =
    [
        Leaves("reset-waiting", "a client that resets while it waits ends its backend's work",
            [Get(), OtherSideHas("\r\n\r\n"), Reset], [Body, HearEnd], Whole),
        Leaves("close-waiting", "a client that closes while it waits ends its backend's work",
            [Get(), OtherSideHas("\r\n\r\n"), Close], [Body, HearEnd], Whole),
        Leaves("reset-in-download", "a client that resets in a download ends it",
            [Get(), Await("first"), Reset], [Body, Chunk, HearEnd], Whole),
        Leaves("close-in-download", "a client that closes in a download ends it",
            [Get(), Await("first"), Close], [Body, Chunk, HearEnd], Whole),
        Leaves("reset-in-upload", "a client that resets in an upload leaves no whole request",
            [Post("Content-Length: 10\r\n", "hello"), OtherSideHas("hello"), Reset], [Body, HearEnd],
            new("POST / HTTP/1.1") { Body = "hello", Unfinished = true }),
        Leaves("close-in-upload", "a client that closes in an upload leaves no whole request",
            [Post("Content-Length: 10\r\n", "hello"), OtherSideHas("hello"), Close], [Body, HearEnd],
            new("POST / HTTP/1.1") { Body = "hello", Unfinished = true }),
        Leaves("reset-in-chunks", "a client that resets between chunks leaves no last chunk",
            [Chunked("5\r\nhello\r\n"), OtherSideHas("hello"), Reset], [Body, HearEnd],
            new("POST / HTTP/1.1") { Body = "hello", Unfinished = true }),
        Leaves("close-in-chunks", "a client that closes between chunks leaves no last chunk",
            [Chunked("5\r\nhello\r\n"), OtherSideHas("hello"), Close], [Body, HearEnd],
            new("POST / HTTP/1.1") { Body = "hello", Unfinished = true }),
        Leaves("reset-expecting", "a client that resets while it waits for 100 ends the exchange",
            [Post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""), OtherSideHas("POST /"), Reset], [HearEnd],
            new("POST / HTTP/1.1") { Unfinished = true }),
        Leaves("reset-in-both", "a client that resets while both sides speak ends both",
            [Chunked("5\r\nhello\r\n"), Await("first"), Reset], [Hear("hello"), Chunk, HearEnd],
            new("POST / HTTP/1.1") { Unfinished = true }),
        Leaves("reset-behind-interim", "a client that resets behind an interim response ends the exchange",
            [Get(), Await("103"), Reset], [Body, "HTTP/1.1 103 Early Hints\r\n\r\n", HearEnd], Whole),
        Leaves("reset-pipelined", "a client that resets takes its pipelined requests with it",
            [Get() + Get(target: "/second"), OtherSideHas("\r\n\r\n"), Reset], [Body, HearEnd], Whole),
        Leaves("reset-in-head", "a request head that breaks off reaches nobody",
            ["GET / HTTP/1.1\r\nHost: h\r\n", Reset], []),
        Leaves("close-in-head", "a request head that ends early reaches nobody",
            ["GET / HTTP/1.1\r\nHost: h\r\n", Close], []),
        Leaves("close-at-once", "a connection without a byte reaches nobody", [Close], []),
    ];

    private static ExchangeRow Leaves(
        string name, string promise, Step[] client, Step[] backend, RequestSeen? reaches = null) =>
        new(name, promise)
        {
            Sends = client,
            Backend = [backend],
            Then = Then.ClientLeft,
            Reaches = reaches is null ? [] : [reaches],
        };
}
