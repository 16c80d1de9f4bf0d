using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Trailers of requests: held to the rules of a head, and nothing that frames or routes.</summary>
internal static class TrailerRows
{
    private static readonly Arrival Echoed = Arrival.Line("POST /echo HTTP/1.1").WithBody("abc");

    public static IEnumerable<Row> All =>
    [
        new("trailers are passed on", Outcome.Answer(200, "abc"), Echoed.WithTrailers("x-sum: 1", "x-end: 2"),
            Post(("x-sum", "1"), ("x-end", "2"))),
        Refused("trailer that is a pseudo-field", (":path", "/smuggled")),
        Refused("trailer that is a response's pseudo-field", (":status", "200")),
        Refused("trailer in upper case", ("X-Smuggled", "1")),
        new("trailer without a name", Outcome.Refused | Outcome.ConnectionError(ErrorCode.Compression),
            Arrival.NothingWhole, Post(("", "smuggled"))),
        Refused("trailer name with CRLF", ("x: 1\r\nsmuggled", "1")),
        Refused("trailer with CR", ("x-a", "1\rsmuggled")),
        Refused("trailer with LF", ("x-a", "1\nsmuggled")),
        Refused("trailer with NUL", ("x-a", "1\0smuggled")),
        Refused("trailer that injects a request", ("x-a", "1\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: h\r\n\r\n")),
        Dropped("trailer transfer-encoding", "transfer-encoding", "chunked"),
        Dropped("trailer connection", "connection", "close"),
        Dropped("trailer content-length", "content-length", "11"),
        Dropped("trailer host", "host", "smuggled.test"),
        Dropped("trailer authorization", "authorization", "smuggled"),
        Dropped("trailer content-type", "content-type", "text/smuggled"),
        Dropped("trailer x-forwarded-for", "x-forwarded-for", "smuggled"),
        new("trailers that do not end the stream", Outcome.StreamError(ErrorCode.Protocol), Arrival.NothingWhole,
            Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.Data(1, "abc"), Frame.OpenHeaders(1, ("x-a", "1"))),
        new("trailers that are a second request", Outcome.StreamError(ErrorCode.Protocol), Arrival.NothingWhole,
            Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.Data(1, "abc"),
            Frame.Headers(1, Fields.Get("/smuggled"))),
        new("trailers too large", Outcome.RefusedWith(431, ErrorCode.Protocol, ErrorCode.EnhanceYourCalm),
            Arrival.NothingWhole, Post([.. Large(40)])),
        new("trailers too many", Outcome.RefusedWith(431, ErrorCode.Protocol, ErrorCode.EnhanceYourCalm),
            Arrival.NothingWhole, Post([.. Enumerable.Range(0, 150).Select(i => ($"x-{i}", "1"))])),
    ];

    private static Row Refused(string name, (string Name, string Value) trailer) =>
        new(name, Outcome.Refused, Arrival.NothingWhole, Post(trailer));

    private static Row Dropped(string name, string trailer, string value) => new(
        name, Outcome.Refused | Outcome.Answer(200, "abc"), Arrival.NothingWhole | Echoed.WithTrailers("x-sum: 1"),
        Post(("x-sum", "1"), (trailer, value)));

    private static IEnumerable<(string Name, string Value)> Large(int kibibytes) =>
        Enumerable.Range(0, kibibytes).Select(i => ($"x-{i}", new string('t', 1024)));

    private static Frame[] Post(params (string Name, string Value)[] trailers) =>
    [
        Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.Data(1, "abc"),
        .. Split(Frame.Headers(1, trailers)),
    ];

    // What is larger than a frame may be goes on in CONTINUATION.
    private static Frame[] Split(Frame headers) => HeaderBlockRows.Split(headers, 16_000);
}
