using System.Text;
using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class JsonConfigReaderTests
{
    [Theory]
    [InlineData("{\"a\": 1}", "1:7")]
    [InlineData("{\n  \"a\": 1\n}", "2:8")]
    [InlineData("{\n\t\"a\":\t1}", "2:7")]
    [InlineData("{\r\n  \"a\": 1\r\n}", "2:8")]
    [InlineData("{\"é\": \"ü\", \"a\": 1}", "1:17")]
    [InlineData("{/* ärger */ \"a\": 1}", "1:19")]
    [InlineData("// head\n{/* of\n y */\"a\": 1}", "3:11")]
    [InlineData("\uFEFF{\"a\": 1}", "1:7")]
    [InlineData("\uFEFF\n{\"a\": 1}", "2:7")]
    public void Value_AnywhereInTheFile_KnowsItsLineAndColumnInCharacters(string text, string position)
    {
        var (root, errors) = Read(text);

        Assert.Empty(errors);
        Assert.Equal("minilb.json:" + position, root!.Find("a")!.Value.Origin.ToString());
    }

    [Theory]
    [InlineData("", "1:1")]
    [InlineData("// nothing but a comment", "1:25")]
    [InlineData("{\"a\": ", "1:7")]
    [InlineData("{\"a\": {\n  \"b\": [1,\n", "3:1")]
    [InlineData("{\"a\": x}", "1:7")]
    [InlineData("{\n  \"a\": 1,\n  b: 2\n}", "3:3")]
    [InlineData("{\r\n  \"a\": 1,\r\n  b: 2\r\n}", "3:3")]
    [InlineData("{\n\tb: 2\n}", "2:2")]
    [InlineData("{\"é\": x}", "1:7")]
    [InlineData("\uFEFF{\"a\": x}", "1:7")]
    [InlineData("{} {}", "1:4")]
    [InlineData("{\"a\": \"\\ud800\"}", "1:7")]
    [InlineData("{\n\"\\udc00\": 1}", "2:1")]
    public void BrokenSyntax_AnywhereInTheFile_IsReportedWithItsLineAndColumnInCharacters(string text, string position)
    {
        var (root, errors) = Read(text);

        Assert.Null(root);
        var error = Assert.Single(errors);
        Assert.StartsWith($"minilb.json:{position}: not valid JSON: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("BytePositionInLine", error, StringComparison.Ordinal);
    }

    [Fact]
    public void InvalidUtf8_InAString_IsReportedWhereTheStringBegins()
    {
        var (root, errors) = Read([.. "{\"a\": \""u8, 0xC3, 0x28, .. "\"}"u8]);

        Assert.Null(root);
        Assert.StartsWith("minilb.json:1:7: not valid JSON: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void GarbageBytes_AreOneErrorAndNoException()
    {
        for (var first = 0; first < 256; first++)
        {
            var (root, errors) = Read([(byte)first, 0xFF, 0x00, 0xFE, 0x0A, 0x80]);

            Assert.Null(root);
            Assert.Single(errors);
        }
    }

    [Fact]
    public void Nesting_DeeperThanAnyConfiguration_IsAnErrorAndNoStackOverflow()
    {
        var (root, errors) = Read(new string('[', 100_000));

        Assert.Null(root);
        Assert.StartsWith("minilb.json:1:33: not valid JSON: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void DuplicateKey_IsReportedAtTheSecondAndNamesTheFirst()
    {
        var (_, errors) = Read("{\n  \"log\": {\"level\": \"debug\",\n    \"level\": \"error\"}\n}");

        Assert.Equal(["minilb.json:3:5 log.level: is given twice, first at minilb.json:2:11"], errors);
    }

    [Fact]
    public void DuplicateKey_InAListItem_IsNamedByItsPosition()
    {
        var (_, errors) = Read("{\"a\": [{}, {\"b\": 1, \"b\": 2}]}");

        Assert.StartsWith("minilb.json:1:21 a[1].b: is given twice", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void TrailingCommasAndComments_AreAllowed()
    {
        var (root, errors) = Read("{\"a\": [1, 2,], // two\n \"b\": {\"c\": null,},}");

        Assert.Empty(errors);
        Assert.Equal(["1", "2"], root!.Find("a")!.Value.Items.Select(i => i.Text));
        Assert.Null(root.Find("b")!.Value.Find("c")!.Value.Text);
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("\"1\"", "1")]
    [InlineData("0.10", "0.10")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("\"a\\u00e9\\n\"", "a\u00e9\n")]
    public void Scalar_WhateverItsJsonType_KeepsTheTextThatWasWritten(string json, string text) =>
        Assert.Equal(text, Read(json).Root!.Text);

    private static (ConfigNode? Root, IReadOnlyList<string> Errors) Read(string text) =>
        Read(Encoding.UTF8.GetBytes(text));

    private static (ConfigNode? Root, IReadOnlyList<string> Errors) Read(byte[] utf8)
    {
        var errors = new ConfigErrors();
        return (new JsonConfigReader().Read(utf8, "minilb.json", errors), errors.Errors);
    }
}
