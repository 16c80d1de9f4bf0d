using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class FieldLinesTests
{
    [Theory]
    [InlineData("A: b", "A=b")]
    [InlineData("A:b", "A=b")]
    [InlineData("A: \t b \t", "A=b")]
    [InlineData("A:", "A=")]
    [InlineData("A:   ", "A=")]
    [InlineData("A: b: c", "A=b: c")]
    [InlineData("A: \u00ff\u0080", "A=\u00ff\u0080")]
    [InlineData("!#$%&'*+-.^_`|~: x", "!#$%&'*+-.^_`|~=x")]
    public void Line_IsNameAndValueWithoutTheBlanksAround(string line, string read)
    {
        var fields = new FieldList();

        Assert.Equal(WireError.None, FieldLines.ParseLine(Heads.Bytes(line), fields));
        Assert.Equal(read, Heads.Passing(fields));
    }

    [Theory]
    [InlineData(" A: b", "FieldName")]
    [InlineData("\tA: b", "FieldName")]
    [InlineData("A", "FieldName")]
    [InlineData(": b", "FieldName")]
    [InlineData("A : b", "FieldName")]
    [InlineData("A\t: b", "FieldName")]
    [InlineData("A b: c", "FieldName")]
    [InlineData("A\u0000: b", "FieldName")]
    [InlineData("\u00c4: b", "FieldName")]
    [InlineData("(A): b", "FieldName")]
    [InlineData("A: b\u0000", "FieldValue")]
    [InlineData("A: b\rC: d", "FieldValue")]
    [InlineData("A: b\r", "FieldValue")]
    [InlineData("A:\r", "FieldValue")]
    [InlineData("A: \u007f", "FieldValue")]
    [InlineData("A: b\u000bc", "FieldValue")]
    public void Line_ThatTwoCouldReadDifferently_IsRefused(string line, string error)
    {
        var fields = new FieldList();

        Assert.Equal(error, FieldLines.ParseLine(Heads.Bytes(line), fields).ToString());
        Assert.Equal(0, fields.Count);
    }

    [Theory]
    [InlineData("\r\n", 0, "None")]
    [InlineData("A: b\r\nC: d\r\n\r\n", 2, "None")]
    [InlineData("A: b\r\nC: d\r\n\r\n", 1, "TooManyFields")]
    [InlineData("A: b\r\n\r\n", 0, "TooManyFields")]
    [InlineData("A: b\nC: d\r\n\r\n", 9, "LineEnd")]
    [InlineData("A: b\r\n\n", 9, "LineEnd")]
    [InlineData("\n", 9, "LineEnd")]
    [InlineData("A: b\r\n c\r\n\r\n", 9, "FieldName")]
    [InlineData("A: b\r\n", 9, "LineEnd")]
    public void Block_EndsInAnEmptyLine_AndHasNoMoreLinesThanAllowed(string block, int most, string error) =>
        Assert.Equal(error, FieldLines
            .Parse(Heads.Bytes(block), Heads.Limits with { Fields = most }, new FieldList()).ToString());

    [Theory]
    [InlineData("", -1)]
    [InlineData("GET", -1)]
    [InlineData("\r\n\r", -1)]
    [InlineData("\n\n", -1)]
    [InlineData("\r\n\r\n", 4)]
    [InlineData("A\r\n\r\nBody\r\n\r\n", 5)]
    [InlineData("A\n\r\n\r\n", 6)]
    public void Head_EndsBehindItsFirstEmptyLine(string received, int length) =>
        Assert.Equal(length, FieldLines.HeadLength(Heads.Bytes(received)));

    [Theory]
    [InlineData("", false)]
    [InlineData("\r", false)]
    [InlineData("GET / HTTP/1.1\r\nA: b\r", false)]
    [InlineData("GET / HTTP/1.1\r\nA: b\r\n", false)]
    [InlineData("\n", true)]
    [InlineData("GET / HTTP/1.1\n", true)]
    [InlineData("GET / HTTP/1.1\r\nA: b\r\n\n", true)]
    [InlineData("GET / HTTP/1.1\r\nA: b\nC", true)]
    public void BareLineFeed_IsSeenBeforeTheHeadHasEnded(string received, bool has) =>
        Assert.Equal(has, FieldLines.HasBareLineFeed(Heads.Bytes(received)));
}
