using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Answers of an HTTP/1.1 backend as an HTTP/2 client must see them.</summary>
internal static class AnswerRows
{
    private static readonly string[] OfAConnection =
        ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

    // Where it is known before the head has gone out it may be said.
    private static readonly Outcome BrokenOff = Outcome.Broken | Outcome.Answer(502);

    public static IEnumerable<Row> All =>
    [
        Answered("/trailers", Outcome.Answer(
            200, "abc", lacks: OfAConnection, trailers: ["x-sum: 42", "x-sum: 43"])),
        Answered("/trailers-alone", Outcome.Answer(200, "", trailers: ["x-sum: 42"])),
        Answered("/204", Outcome.Answer(204, "", has: ["x-kind: none"], lacks: ["content-length"])),
        Answered("/304", Outcome.Answer(304, "", has: ["etag: \"x\"", "content-length: 7"])),
        Answered("/hop", Outcome.Answer(200, "ok", has: ["x-upper: Kept"], lacks: [.. OfAConnection, "x-hop"])),
        Answered("/cookies", Outcome.Answer(
            200, "ok", has: ["set-cookie: a=1; Path=/", "set-cookie: b=2"])),
        Answered("/bytes", Outcome.Answer(200, "ok", has: ["x-bytes: caf\u00e9 \u0080\tend", "x-empty: "])),
        Answered("/early-hints", Outcome.Answer(200, "ok") & Outcome.Interim("103")),
        Answered("/until-closed", Outcome.Answer(200, "ok")),
        Answered("/http10", Outcome.Answer(200, "ok")),
        Answered("/too-much", Outcome.Answer(200, "ok")),
        Answered("/short", BrokenOff),
        Answered("/short-chunked", BrokenOff),
        Answered("/bad-chunk", BrokenOff),
        BadGateway("/nonsense"),
        BadGateway("/two-lengths"),
        BadGateway("/nul"),
        BadGateway("/unasked-101"),
        new("answer to HEAD", Outcome.Answer(200, "", has: ["content-length: 1234"]),
            Arrival.Line("HEAD /head HTTP/1.1"), Frame.Headers(1, Fields.Request("HEAD", "/head"))),
        new("answer 304 to HEAD", Outcome.Answer(304, "", has: ["content-length: 7"]),
            Arrival.Line("HEAD /304 HTTP/1.1"), Frame.Headers(1, Fields.Request("HEAD", "/304"))),
        new("answer after 100 Continue", Outcome.Answer(200, "ok"),
            Arrival.Line("POST /continue HTTP/1.1").WithBody("abc"),
            Frame.OpenHeaders(1, Fields.Post("/continue", ("expect", "100-continue"), ("content-length", "3"))),
            Frame.Data(1, "abc", end: true)),
        new("answers on two streams", Outcome.Answer(200, "abc", trailers: ["x-sum: 42", "x-sum: 43"]),
            new Arrival("both", r => r.Count == 2 && r.All(x => x.Complete)),
            Frame.Headers(1, Fields.Get("/cookies")), Frame.Headers(3, Fields.Get("/trailers"))) { Stream = 3 },
    ];

    private static Row Answered(string path, Outcome client) => new(
        $"answer {path}", client, Arrival.Line($"GET {path} HTTP/1.1"), Frame.Headers(1, Fields.Get(path)));

    // POST, so that it is sent once only.
    private static Row BadGateway(string path) => new(
        $"answer {path}", Outcome.Answer(502, has: ["content-type: application/problem+json"]),
        Arrival.Line($"POST {path} HTTP/1.1"), Frame.Headers(1, Fields.Post(path)));
}
