using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>Responses that break in mid-body: none of them may look complete to the client.</summary>
internal static class ResponseBreakRows
{
    public static readonly ExchangeRow[] All =
    [
        Chunk("size-letter", "a size that is not hexadecimal", "zz\r\nab\r\n0\r\n\r\n"),
        Chunk("size-empty", "an empty size", "\r\nab\r\n0\r\n\r\n"),
        Chunk("size-minus", "a negative size", "-2\r\nab\r\n0\r\n\r\n"),
        Chunk("size-0x", "a size with 0x", "0x2\r\nab\r\n0\r\n\r\n"),
        Chunk("size-space", "a blank behind the size", "2 \r\nab\r\n0\r\n\r\n"),
        Chunk("size-wraps", "a size that wraps to 2 in 64 bits", "10000000000000002\r\nab\r\n0\r\n\r\n"),
        Chunk("size-all-ones", "a size that is -1 in 64 bits", "ffffffffffffffff\r\nab\r\n0\r\n\r\n"),
        Chunk("line-lf", "a size line that ends in LF alone", "2\nab\r\n0\r\n\r\n"),
        Chunk("extension-lf", "a LF inside an extension", "2;a\nb\r\nab\r\n0\r\n\r\n"),
        Chunk("extension-too-long", "an extension of 2 KiB", $"2;{new string('a', 2048)}\r\nab\r\n0\r\n\r\n"),
        Chunk("data-too-long", "more data than the size says", "2\r\nabX\r\n0\r\n\r\n"),
        Chunk("data-lf", "data that ends in LF alone", "2\r\nab\n0\r\n\r\n"),
        Chunk("last-lf", "a last line that ends in LF alone", "0\n\n"),
        Chunked("ends-between-chunks", "that ends between two chunks", Close),
        Chunked("reset-between-chunks", "that is reset between two chunks", Reset),
        Chunked("ends-in-size", "that ends in a size line", "1", Close),
        Chunked("ends-in-data", "that ends in the data of a chunk", "8\r\nsec", Close),
        Chunked("ends-behind-last-size", "that ends behind the last size", "0\r\n", Close),
        Chunked("ends-in-trailers", "that ends in its trailers", "0\r\nX-Sum: 1\r\n", Close),
        Fixed("length-ends", "that ends before its length", Close),
        Fixed("length-reset", "that is reset before its length", Reset),
        CutOff("no-length-reset", "a body without a length that is reset does not look complete",
            "HTTP/1.1 200 OK\r\n\r\nfirst", OtherSideHas("first"), Reset),
        new("length-ends-on-1-0", "HTTP/1.0 clients too see that a body ends before its length")
        {
            Sends = ["GET / HTTP/1.0\r\nHost: h\r\n\r\n"],
            Backend = Answers("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst", OtherSideHas("first"), Close),
            Sees = [new(200) { CutOff = true }],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("chunks-end-on-1-0", "HTTP/1.0 clients are reset where chunks break off")
        {
            Sends = ["GET / HTTP/1.0\r\nHost: h\r\n\r\n"],
            Backend = Answers(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", OtherSideHas("first"), Close),
            Sees = [new(200) { CutOff = true }],
            Then = Then.Ends,
            Reaches = [new("GET / HTTP/1.1")],
        },
        new("length-ends-on-post", "a POST whose answer breaks off is not sent again")
        {
            Sends = [Post("Content-Length: 5\r\n", "hello")],
            Backend = Answers("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst", OtherSideHas("first"), Close),
            Sees = [new(200) { CutOff = true }],
            Then = Then.Ends,
            Reaches = [new("POST / HTTP/1.1") { Body = "hello" }],
        },
    ];

    private static ExchangeRow Chunk(string name, string what, string chunks) =>
        Chunked(name, "with " + what, chunks, HearEnd);

    private static ExchangeRow Chunked(string name, string what, params Step[] steps) =>
        CutOff(name, $"a chunked body {what} does not look complete",
        [
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n", OtherSideHas("first"), .. steps,
        ]);

    private static ExchangeRow Fixed(string name, string what, Step end) =>
        CutOff(name, $"a body {what} does not look complete",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst", OtherSideHas("first"), end);
}
