using MiniLB.Tests.Journeys.Exchanges.Table;
using static MiniLB.Tests.Journeys.Exchanges.Table.Outcomes;
using static MiniLB.Tests.Journeys.Exchanges.Table.Steps;

namespace MiniLB.Tests.Journeys.Exchanges.Rows;

/// <summary>The chunks of a request body.</summary>
internal static class ChunkedRows
{
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

    private static readonly string Large = new('x', 70_000);

    public static readonly ExchangeRow[] All =
    [
        Bad("size-empty", "an empty size is refused", "\r\nhello\r\n0\r\n\r\n"),
        Bad("size-minus", "a negative size is refused", "-5\r\nhello\r\n0\r\n\r\n"),
        Bad("size-plus", "a plus sign is refused", "+5\r\nhello\r\n0\r\n\r\n"),
        Bad("size-0x", "0x before a size is refused", "0x5\r\nhello\r\n0\r\n\r\n"),
        Bad("size-letter", "a size is hexadecimal", "g\r\nhello\r\n0\r\n\r\n"),
        Bad("size-underscore", "a digit separator is refused", "0_5\r\nhello\r\n0\r\n\r\n"),
        Bad("size-space-before", "a blank before the size is refused", " 5\r\nhello\r\n0\r\n\r\n"),
        Bad("size-space-behind", "a blank behind the size is refused", "5 \r\nhello\r\n0\r\n\r\n"),
        Bad("size-tab-behind", "a tab behind the size is refused", "5\t\r\nhello\r\n0\r\n\r\n"),
        Bad("size-two-words", "a word behind the size is refused", "5 0\r\nhello\r\n0\r\n\r\n"),
        Bad("size-comma", "a comma behind the size is refused", "5,a\r\nhello\r\n0\r\n\r\n"),
        Bad("size-nul", "a NUL behind the size is refused", "5\0\r\nhello\r\n0\r\n\r\n"),
        Bad("size-17-digits", "a size of 17 digits is refused", "00000000000000005\r\nhello\r\n0\r\n\r\n"),
        Bad("size-wraps", "a size that wraps to 5 in 64 bits is refused",
            "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        Bad("size-bits-63", "a size of 2^63 is refused", "8000000000000000\r\nhello\r\n0\r\n\r\n"),
        Bad("size-all-ones", "a size that is -1 in 64 bits is refused", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        Bad("line-lf", "a size line that ends in LF alone is refused", "5\nhello\r\n0\r\n\r\n"),
        Bad("line-cr", "a size line that ends in CR alone is refused", "5\rhello\r\n0\r\n\r\n"),
        Bad("line-cr-cr-lf", "a CR before CRLF is refused", "5\r\r\nhello\r\n0\r\n\r\n"),
        Bad("extension-lf", "a LF inside an extension is refused", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        Bad("extension-cr", "a CR inside an extension is refused", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        Bad("extension-ends-lf", "an extension that ends in LF alone is refused", "5;a\nhello\r\n0\r\n\r\n"),
        Bad("extension-nul", "a NUL inside an extension is refused", "5;a\0b\r\nhello\r\n0\r\n\r\n"),
        Bad("extension-quoted-lf", "a quoted LF inside an extension is refused",
            "5;a=\"\nx\"\r\nhello\r\n0\r\n\r\n"),
        Bad("extension-hides-a-request", "a request behind a LF in an extension is refused",
            "2;\nxx\r\n2f\r\n0\r\n\r\n" + Smuggled),
        Bad("extension-too-long", "an extension of 2 KiB is refused",
            $"5;{new string('a', 2048)}\r\nhello\r\n0\r\n\r\n"),
        Bad("extension-without-end", "an extension without an end is refused", "5;" + new string('a', 5000)),
        Bad("extensions-in-all", "extensions of more than 64 KiB in all are refused", Extended(80) + "0\r\n\r\n"),
        Bad("size-letter-unfinished", "a size that is none is refused before its line ends", "zz"),
        Bad("data-unfinished-end", "a wrong end of data is refused before its line ends", "5\r\nhelloX"),
        Bad("size-zeros-without-end", "zeros without an end are refused", new string('0', 5000)),
        Bad("data-too-long", "more data than the size says is refused", "5\r\nhelloX\r\n0\r\n\r\n"),
        Bad("data-lf", "data that ends in LF alone is refused", "5\r\nhello\n0\r\n\r\n"),
        Bad("data-no-end", "data without its line end is refused", "5\r\nhello0\r\n\r\n"),
        Bad("data-two-bytes", "two bytes other than CRLF behind data are refused", "5\r\nhelloXX0\r\n\r\n"),
        Bad("last-lf", "a last line that ends in LF alone is refused", "5\r\nhello\r\n0\n\n"),
        Bad("last-empty-lf", "an empty line that is LF alone is refused", "5\r\nhello\r\n0\r\n\n"),
        Bad("last-cr", "an empty line that is CR alone is refused", "5\r\nhello\r\n0\r\n\rX\r\n"),
        Bad("last-minus", "a negative zero is refused", "5\r\nhello\r\n-0\r\n\r\n"),
        Same("several", "several chunks make one body", "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", "hello"),
        Same("none", "a body without chunks is empty", "0\r\n\r\n", ""),
        Same("upper-case", "sizes may be in capitals", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        Same("leading-zeros", "sizes may have leading zeros", "0005\r\nhello\r\n000\r\n\r\n", "hello"),
        Same("size-16-digits", "a size may have 16 digits", "0000000000000005\r\nhello\r\n0\r\n\r\n", "hello"),
        Same("extension", "an extension is dropped", "5;a=b\r\nhello\r\n0;c\r\n\r\n", "hello"),
        Same("extension-quoted", "a quoted extension is dropped", "5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n", "hello"),
        Same("extension-blank", "a blank before an extension is allowed", "5 ;a\r\nhello\r\n0\r\n\r\n", "hello"),
        Same("data-like-the-end", "data that looks like the end stays data",
            "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n"),
        Same("data-like-a-request", "data that looks like a request stays data",
            $"{Smuggled.Length:x}\r\n{Smuggled}\r\n0\r\n\r\n", Smuggled),
        Same("large", "a chunk of 70,000 bytes arrives", $"{Large.Length:x}\r\n{Large}\r\n0\r\n\r\n", Large),
        new("in-pieces", "chunks are read however they are cut")
        {
            Sends = [Chunked(""), Drip("5;a=b\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")],
            Reaches = [new("POST / HTTP/1.1") { Body = "hello world" }],
        },
        new("breaks-late", "a chunk that breaks after others were passed on leaves no whole request")
        {
            Sends = [Chunked("5\r\nfirst\r\n"), OtherSideHas("first"), "zz\r\n"],
            Sees = [Own(400)],
            Then = Then.Ends,
            ReachesNoneWhole = true,
        },
        new("ends-too-soon", "a client that leaves before the last chunk leaves no whole request")
        {
            Sends = [Chunked("5\r\nhello\r\n"), OtherSideHas("hello"), Reset],
            Then = Then.ClientLeft,
            ReachesNoneWhole = true,
        },
    ];

    private static string Extended(int chunks) =>
        string.Concat(Enumerable.Repeat($"1;{new string('a', 900)}\r\nx\r\n", chunks));

    private static ExchangeRow Bad(string name, string promise, string chunks) =>
        BrokenOff(name, promise, 400, Chunked(chunks));

    private static ExchangeRow Same(string name, string promise, string chunks, string body) =>
        Passed(name, promise, Chunked(chunks), new("POST / HTTP/1.1") { Body = body, Lacks = ["Content-Length"] });
}
