using System.Text;
using MiniLB.Config;

namespace MiniLB.Tests.Config;

public sealed class YamlConfigReaderTests
{
    [Theory]
    [InlineData("a: 1", "1:4")]
    [InlineData("b: 2\n\"a\" : 1", "2:7")]
    [InlineData("# ä\r\nb: ü\r\na:   1\r\n", "3:6")]
    [InlineData("{ü: 'ä', a: 1}", "1:13")]
    [InlineData("\uFEFFa: 1", "1:4")]
    [InlineData("\uFEFF\na: 1", "2:4")]
    [InlineData("---\na:\n  b", "3:3")]
    [InlineData("a: &x 1", "1:4")]
    public void Value_AnywhereInTheFile_KnowsItsLineAndColumnInCharacters(string text, string position) =>
        Assert.Equal("minilb.yaml:" + position, Good(text).Find("a")!.Value.Origin.ToString());

    [Theory]
    [InlineData("off", "off")]
    [InlineData("no", "no")]
    [InlineData("True", "true")]
    [InlineData("FALSE", "false")]
    [InlineData("'True'", "True")]
    [InlineData("0600", "0600")]
    [InlineData("1.10", "1.10")]
    [InlineData("1_000", "1_000")]
    [InlineData("0x10", "0x10")]
    [InlineData("12:30:45", "12:30:45")]
    [InlineData("2001-01-01", "2001-01-01")]
    [InlineData(":8080", ":8080")]
    [InlineData("\"a\\tb\"", "a\tb")]
    [InlineData("'it''s'", "it's")]
    [InlineData("one\n  two # three", "one two")]
    [InlineData("|\n  one\n  two\n", "one\ntwo\n")]
    [InlineData(">-\n  one\n  two\n", "one two")]
    [InlineData("null", null)]
    [InlineData("Null", null)]
    [InlineData("~", null)]
    [InlineData("", null)]
    [InlineData("'null'", "null")]
    [InlineData("''", "")]
    public void Scalar_IsTheTextThatWasWritten(string written, string? text) =>
        Assert.Equal(text, Good("a: " + written).Find("a")!.Value.Text);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("---\n")]
    [InlineData("--- ~\n...\n# the end\n")]
    public void EmptyFile_IsAnEmptyMap(string text) =>
        Assert.Equal((ConfigKind.Map, 0), (Good(text).Kind, Good(text).Members.Count));

    [Theory]
    [InlineData("a: [1\n", "2:1: not valid YAML: ")]
    [InlineData("a: b: c", "1:5: not valid YAML: ")]
    [InlineData("a:\n  b: 1\n c: 2", "3:2: not valid YAML: ")]
    [InlineData("a:\n\tb: 1", "2:1: not valid YAML: a tab indents this line; YAML is indented by spaces")]
    [InlineData("a:\n  b: 1\n  \tc: 1", "3:3: not valid YAML: a tab indents this line; YAML is indented by spaces")]
    [InlineData("a: @b", "1:4: not valid YAML: ")]
    [InlineData("%YAML 2.0\n---\na: 1", "1:1: not valid YAML: ")]
    [InlineData("a: *b", "1:4: no anchor &b before this; a text that begins with * is written in quotes")]
    [InlineData("a: &a [*a]", "1:8: no anchor &a before this; ")]
    [InlineData("a: !!str 5", "1:4: tags have no meaning here; a text that begins with ! is written in quotes")]
    [InlineData("!b\na: 5", "1:1: tags have no meaning here; ")]
    [InlineData("? [a]\n: b", "1:3: a key must be a text")]
    [InlineData(": b", "1:1: a key must be a text")]
    [InlineData("a: &x b\n*x : c", "2:1: a key must be a text")]
    [InlineData("a: 1\n---\na: 2", "2:1: a second document begins here; a configuration is one document")]
    [InlineData("a: 1\n...\na: 2", "3:1: a second document begins here; ")]
    public void WhatIsNotTaken_IsOneErrorWithItsPlace(string text, string error)
    {
        var (root, errors) = Read(Encoding.UTF8.GetBytes(text));

        Assert.Null(root);
        Assert.StartsWith("minilb.yaml:" + error, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(100_000, false)]
    public void Levels_AreCounted(int depth, bool isTaken)
    {
        var (root, errors) = Read(Encoding.UTF8.GetBytes(
            "a: " + new string('[', depth - 1) + "1" + new string(']', depth - 1)));

        Assert.Equal(isTaken, root is not null);
        Assert.Equal(isTaken ? [] : ["minilb.yaml:1:36: more than 32 levels"], errors);
    }

    [Fact]
    public void Levels_OfAliases_AreCounted()
    {
        var text = new StringBuilder("a0: &a0 x\n");
        for (var i = 1; i <= 40; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}]\n");
        }

        Assert.EndsWith(": more than 32 levels", Assert.Single(Read(Encoding.UTF8.GetBytes(text.ToString())).Errors),
            StringComparison.Ordinal);
    }

    [Fact]
    public void AliasesOfAliases_ThatGrowWithoutEnd_AreRefused()
    {
        var text = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x,x]\n");
        for (var c = 'b'; c <= 'j'; c++)
        {
            text.Append(c).Append(": &").Append(c).Append(" [")
                .AppendJoin(',', Enumerable.Repeat("*" + (char)(c - 1), 10)).Append("]\n");
        }

        Assert.EndsWith(": aliases repeat more than 10000 values",
            Assert.Single(Read(Encoding.UTF8.GetBytes(text.ToString())).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Alias_IsACopy_SoThatAStrongerSourceChangesOnePlace()
    {
        var root = Good("a: &x {b: {c: 1}}\nd: *x");

        Assert.Null(root.Set(["a", "b", "c"], ConfigNode.Scalar("2", ConfigOrigin.Default), anyCase: false));

        Assert.Equal("1", root.Find("d")!.Value.Find("b")!.Value.Find("c")!.Value.Text);
    }

    [Fact]
    public void MergeKey_LaysItsMapsUnderTheOwnKeys_TheFirstOfThemFirst()
    {
        var root = Good("x: &x {a: 1, b: 1, c: 1}\ny: &y {b: 2, d: 2}\nz: {<<: [*y, *x], c: 3}\nw:\n  c: 4\n  <<: *x");

        Assert.Equal("c=3 b=2 d=2 a=1", Text(root.Find("z")!.Value));
        Assert.Equal("c=4 a=1 b=1", Text(root.Find("w")!.Value));
    }

    [Fact]
    public void MergeKey_OfNoMap_IsAnErrorThatNamesIt() => Assert.Equal(
        ["minilb.yaml:1:9 a.<<: expected a map, or a list of maps"], Read("a: {<<: 5}"u8.ToArray()).Errors);

    [Fact]
    public void Key_GivenTwice_IsAnErrorThatNamesBothPlaces() => Assert.Equal(
        ["minilb.yaml:3:3 a.b: is given twice, first at minilb.yaml:2:3"],
        Read("a:\n  b: 1\n  \"b\": 2"u8.ToArray()).Errors);

    [Fact]
    public void Bytes_ThatAreNotUtf8_AreAnErrorWhereTheyBegin()
    {
        Assert.Equal(["minilb.yaml:2:4: not valid UTF-8"], Read([.. "a: 1\nü: "u8, 0xC3, 0x28, .. "\nb: 1"u8]).Errors);
        Assert.Equal(["minilb.yaml:1:1: not valid UTF-8"], Read([0xFF, 0xFE, .. "a\0:\0"u8]).Errors);
    }

    [Fact]
    public void ValueThatDoesNotFit_IsReportedWithFileLineColumnAndPath()
    {
        var errors = new ConfigErrors();
        var root = new YamlConfigReader().Read("""
            pools:
              web:
                backends:
                  - http://a
                  - {url: "http://b", weight: 2}
                  - url: htp://x
            """u8.ToArray(), "minilb.yaml", errors);
        OptionsBinder.Bind(root, errors);

        Assert.Equal(["minilb.yaml:6:14 pools.web.backends[2].url: 'htp://x' is not an http or https URL"],
            errors.Errors);
    }

    [Fact]
    public void Json_IsYamlToo_AndReadAlikeToTheColumn()
    {
        var json = Encoding.UTF8.GetBytes("""
            {
              "listeners": [{"address": ":8080", "http2": false}],
              "statusPath": null,
              "pools": {"web": {"backends": ["http://a", {"url": "http://b", "weight": "3"}], "slowStart": 0}},
              "trustedProxies": [], "limits": {}
            }
            """);

        Assert.Equal(Values(new JsonConfigReader().Read(json, "minilb.yaml", new ConfigErrors())!),
            Values(Read(json).Root!));
    }

    [Fact]
    public void FiveThousandMutations_GiveATreeOrAnError_NeverAnException()
    {
        const string valid = """
            # comment
            pools: &p
              web: {backends: ['http://a', "http://b"], <<: {slowStart: 1s}}
              api: &x
                backends:
                  - url: http://c
                  - *x
            text: |2-
                one
              two
            ...
            """;
        string[] pieces =
        [
            "{", "}", "[", "]", "\"", "'", ":", ": ", ",", "- ", "? ", "&a ", "*a", "!t ", "!!", "|", ">", "%", "@", "`", "#",
            "---", "...", "\n", "\r", "\t", " ", "\0", "\u0085", "\u2028", "\uFEFF", "ü", "\ud83d\ude00", "<<: ", "\\x",
        ];
        var random = new Random(20_261_125);
        for (var i = 0; i < 5_000; i++)
        {
            var text = new StringBuilder(valid);
            for (var n = random.Next(1, 4); n > 0; n--)
            {
                var at = random.Next(text.Length);
                text.Remove(at, random.Next(0, Math.Min(4, text.Length - at)));
                text.Insert(at, pieces[random.Next(pieces.Length)]);
            }

            var read = (Root: (ConfigNode?)null, Errors: (IReadOnlyList<string>)[]);
            var failure = Record.Exception(() => read = Read(Encoding.UTF8.GetBytes(text.ToString())));

            Assert.True(failure is null && (read.Root is not null || read.Errors.Count > 0), $"{failure}\n{text}");
        }
    }

    private static IEnumerable<EffectiveValue> Values(ConfigNode root) => new EffectiveConfig(root).Values;

    private static string Text(ConfigNode map) =>
        string.Join(' ', map.Members.Select(m => $"{m.Name}={m.Value.Text}"));

    private static ConfigNode Good(string text)
    {
        var (root, errors) = Read(Encoding.UTF8.GetBytes(text));
        Assert.Empty(errors);
        return root!;
    }

    private static (ConfigNode? Root, IReadOnlyList<string> Errors) Read(byte[] text)
    {
        var errors = new ConfigErrors();
        var root = new YamlConfigReader().Read(text, "minilb.yaml", errors);
        return (root, errors.Errors);
    }
}
