using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class FramingRulesTests
{
    [Theory]
    [InlineData(1, "", "None", "None", 0)]
    [InlineData(1, "Content-Length: 0", "None", "None", 0)]
    [InlineData(1, "content-length: 5", "None", "Length", 5)]
    [InlineData(0, "Content-Length: 5", "None", "Length", 5)]
    [InlineData(1, "Content-Length: 9223372036854775807", "None", "Length", long.MaxValue)]
    [InlineData(1, "Content-Length: 9223372036854775808", "ContentLength", "None", 0)]
    [InlineData(1, "Content-Length:", "ContentLength", "None", 0)]
    [InlineData(1, "Content-Length: +5", "ContentLength", "None", 0)]
    [InlineData(1, "Content-Length: -0", "ContentLength", "None", 0)]
    [InlineData(1, "Content-Length: 5, 5", "ContentLength", "None", 0)]
    [InlineData(1, "Content-Length: 0x5", "ContentLength", "None", 0)]
    [InlineData(1, "Content-Length: 5 5", "ContentLength", "None", 0)]
    [InlineData(1, "Content-Length: 5|Content-Length: 5", "ContentLength", "None", 0)]
    [InlineData(1, "Content_Length: 5", "None", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked", "None", "Chunked", 0)]
    [InlineData(1, "transfer-encoding: CHUNKED", "None", "Chunked", 0)]
    [InlineData(0, "Transfer-Encoding: chunked", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked|Content-Length: 5", "TwoFramings", "None", 0)]
    [InlineData(1, "Content-Length: x|Transfer-Encoding: chunked", "TwoFramings", "None", 0)]
    [InlineData(0, "Content-Length: 5|Transfer-Encoding: x", "TwoFramings", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked|Transfer-Encoding: chunked", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: gzip|Transfer-Encoding: chunked", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: gzip, chunked", "TransferCoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: a, b , Chunked", "TransferCoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked, chunked", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked, gzip", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked, gzip, chunked", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: , chunked", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked,", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: gzip", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: identity", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding:", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: chunked;a=b", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: xchunked", "TransferEncoding", "None", 0)]
    [InlineData(1, "Transfer-Encoding: \"chunked\"", "TransferEncoding", "None", 0)]
    public void Request_SaysInOneWayWhereItEnds(int minor, string fields, string error, string framing, long length)
    {
        var lines = string.Concat(fields.Split('|').Where(f => f != "").Select(f => f + "\r\n"));

        Assert.Equal(error, Heads.Read($"POST / HTTP/1.{minor}\r\nHost: a\r\n{lines}\r\n", out var head).ToString());
        Assert.Equal((framing, length), (head.Framing.ToString(), head.ContentLength));
    }

    [Theory]
    [InlineData("1.1 200", false, "", "None", "UntilClose")]
    [InlineData("1.0 200", false, "", "None", "UntilClose")]
    [InlineData("1.1 200", false, "Content-Length: 0", "None", "None")]
    [InlineData("1.1 200", false, "Content-Length: 7", "None", "Length")]
    [InlineData("1.1 200", true, "Content-Length: 7", "None", "None")]
    [InlineData("1.1 304", false, "Content-Length: 7", "None", "None")]
    [InlineData("1.1 204", false, "Content-Length: 7", "None", "None")]
    [InlineData("1.1 100", false, "", "None", "None")]
    [InlineData("1.1 199", false, "Transfer-Encoding: chunked", "None", "None")]
    [InlineData("1.1 205", false, "", "None", "UntilClose")]
    [InlineData("1.1 999", false, "Transfer-Encoding: chunked", "None", "Chunked")]
    [InlineData("1.1 200", true, "Transfer-Encoding: chunked", "None", "None")]
    [InlineData("1.0 200", false, "Transfer-Encoding: chunked", "TransferEncoding", "None")]
    [InlineData("1.1 200", true, "Content-Length: 7|Content-Length: 7", "ContentLength", "None")]
    [InlineData("1.1 204", false, "Content-Length: x", "ContentLength", "None")]
    [InlineData("1.1 200", false, "Content-Length: 1|Transfer-Encoding: chunked", "TwoFramings", "None")]
    [InlineData("1.1 200", false, "Transfer-Encoding: gzip, chunked", "TransferCoding", "None")]
    public void Response_SaysInOneWayWhereItEnds(
        string version, bool toHead, string fields, string error, string framing)
    {
        var lines = string.Concat(fields.Split('|').Where(f => f != "").Select(f => f + "\r\n"));
        var text = $"HTTP/{version} X\r\n{lines}\r\n";

        Assert.Equal(error, Heads.ReadAnswer(text, out var head, toHead).ToString());
        Assert.Equal(framing, head.Framing.ToString());
    }

    [Theory]
    [InlineData("200", false, "Content-Length: 7", 7L)]
    [InlineData("200", true, "Content-Length: 7", 7L)]
    [InlineData("304", false, "Content-Length: 0", 0L)]
    [InlineData("200", false, "A: b", null)]
    public void Response_KeepsTheLengthThatItAnnounces(string status, bool toHead, string field, long? length)
    {
        Assert.Equal(WireError.None, Heads.ReadAnswer($"HTTP/1.1 {status} X\r\n{field}\r\n\r\n", out var head, toHead));
        Assert.Equal(length, head.ContentLength);
    }
}
