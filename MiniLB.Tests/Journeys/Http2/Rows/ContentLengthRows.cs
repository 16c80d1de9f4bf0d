using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Content-Length is one number and agrees with the DATA (RFC 9113, section 8.1.1).</summary>
internal static class ContentLengthRows
{
    private static readonly Arrival Echoed = Arrival.Line("POST /echo HTTP/1.1").WithBody("abc");

    public static IEnumerable<Row> All =>
    [
        Row("length without DATA", Outcome.Refused, Arrival.Nothing, Frame.Headers(1, Post("5"))),
        Row("length too long for the DATA", Outcome.Refused, Arrival.NothingWhole,
            Frame.OpenHeaders(1, Post("5")), Frame.Data(1, "abc", end: true)),
        Row("length too long for trailers", Outcome.Refused, Arrival.NothingWhole,
            Frame.OpenHeaders(1, Post("5")), Frame.Data(1, "abc"), Frame.Headers(1, ("x-sum", "1"))),
        Row("length too short for one DATA", Outcome.Refused, Arrival.NothingWhole,
            Frame.OpenHeaders(1, Post("3")), Frame.Data(1, "abcsmuggled", end: true)),
        Row("length too short for a second DATA", Outcome.Refused | Outcome.Answer(200, "abc"),
            Arrival.NothingWhole | Echoed,
            Frame.OpenHeaders(1, Post("3")), Frame.Data(1, "abc"),
            Frame.Data(1, "GET /smuggled HTTP/1.1\r\n\r\n", end: true)),
        Row("length 0 with DATA", Outcome.Refused | Outcome.Answer(200, ""),
            Arrival.NothingWhole | Arrival.Line("POST /echo HTTP/1.1").WithBody(""),
            Frame.OpenHeaders(1, Post("0")), Frame.Data(1, "GET /smuggled HTTP/1.1\r\n\r\n", end: true)),
        Malformed("length that is empty", ""),
        Malformed("length with a sign", "+3"),
        Malformed("length below zero", "-3"),
        Malformed("length in hexadecimal", "0x3"),
        Malformed("length with a fraction", "3.0"),
        Malformed("length that is a list", "3, 3"),
        Malformed("length that is a list of two", "3, 11"),
        Malformed("length with a blank inside", "3 1"),
        Malformed("length of 20 digits", "99999999999999999999"),
        Malformed("length of 64 bits", "18446744073709551619"),
        Malformed("length repeated", "3", ("content-length", "3")),
        Malformed("length repeated and different", "3", ("content-length", "11")),
        Row("length that agrees", Outcome.Answer(200, "abc"),
            Echoed.Having("content-length", "3").Without("transfer-encoding"),
            Frame.OpenHeaders(1, Post("3")), Frame.Data(1, "abc", end: true)),
        Row("length that agrees over several DATA", Outcome.Answer(200, "abc"), Echoed.Having("content-length", "3"),
            Frame.OpenHeaders(1, Post("3")), Frame.Data(1, "a"), Frame.Data(1, ""), Frame.Data(1, "bc"),
            Frame.Data(1, "", end: true)),
        Row("padding is no content", Outcome.Answer(200, "abc"), Echoed,
            Frame.OpenHeaders(1, Post("3")),
            new Frame(FrameType.Data, FrameFlags.Padded | FrameFlags.EndStream, 1, [4, .. "abc"u8, 0, 0, 0, 0])),
        Row("length 0 at the end of the stream", Outcome.Answer(200, ""),
            Arrival.Line("POST /echo HTTP/1.1").Having("content-length", "0"), Frame.Headers(1, Post("0"))),
        Row("body without a length is chunked", Outcome.Answer(200, "abc"),
            Echoed.Having("transfer-encoding", "chunked").Without("content-length"),
            Frame.OpenHeaders(1, Fields.Post("/echo")), Frame.Data(1, "abc", end: true)),
        Row("POST without a body says so", Outcome.Answer(200, ""),
            Arrival.Line("POST /echo HTTP/1.1").Having("content-length", "0").Without("transfer-encoding"),
            Frame.Headers(1, Fields.Post("/echo"))),
        Row("GET without a body has no framing", Outcome.Answer(200, ""),
            Arrival.Line("GET /echo HTTP/1.1").Without("content-length", "transfer-encoding"),
            Frame.Headers(1, Fields.Get("/echo"))),
        Row("GET with a body keeps it", Outcome.Answer(200, "abc"), Arrival.Line("GET /echo HTTP/1.1").WithBody("abc"),
            Frame.OpenHeaders(1, Fields.Get("/echo", ("content-length", "3"))), Frame.Data(1, "abc", end: true)),
    ];

    private static Row Row(string name, Outcome client, Arrival backend, params Frame[] frames) =>
        new(name, client, backend, frames);

    private static Row Malformed(string name, string length, params (string Name, string Value)[] more) => new(
        name, Outcome.Refused, Arrival.Nothing,
        Frame.OpenHeaders(1, Post(length, more)), Frame.Data(1, "abcsmuggled", end: true));

    private static (string Name, string Value)[] Post(string length, params (string Name, string Value)[] more) =>
        Fields.Post("/echo", [("content-length", length), .. more]);
}
