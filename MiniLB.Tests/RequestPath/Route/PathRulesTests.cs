using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using MiniLB.RequestPath.Route;

namespace MiniLB.Tests.RequestPath.Route;

public sealed class PathRulesTests
{
    private const string Refused = "refused";

    // What paths are made of, and what they are attacked with.
    private static readonly Gen<string> Paths =
        from count in Gen.Choose(0, 12)
        from pieces in Gen.Elements(
            "/", "/", "/", "/a", "b", "v1", ".", "..", "/..", "/.", "%2e", "%2E", "%61", "%7E", "~", "-", "%c3%a9",
            "%20", "%25", "41", ";x", "%2f", "%5C", "\\", "%", "%4", "*", "%00").ArrayOf(count)
        select "/" + string.Concat(pieces);

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/", "/a/")]
    [InlineData("/%61%2d%2E%5f%7e", "/a-._~")]
    [InlineData("/v%31/x", "/v1/x")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9")]
    [InlineData("/%2541", "/%2541")]
    [InlineData("/a%20b%3fc%00", "/a%20b%3Fc%00")]
    [InlineData("//v1", "/v1")]
    [InlineData("/a///b//", "/a/b/")]
    [InlineData("/v1/./x", "/v1/x")]
    [InlineData("/v1/.", "/v1/")]
    [InlineData("/v1/../x", "/x")]
    [InlineData("/v1/..", "/")]
    [InlineData("/a/b/../../c", "/c")]
    [InlineData("/a//../b", "/b")]
    [InlineData("/v1/%2e%2E/x", "/x")]
    [InlineData("/v1%2e/", "/v1./")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/...", "/...")]
    [InlineData("/a;b/..c/d..", "/a;b/..c/d..")]
    [InlineData("/%2f", Refused)]
    [InlineData("/a%2Fb", Refused)]
    [InlineData("/a%5cb", Refused)]
    [InlineData("/a\\b", Refused)]
    [InlineData("/..", Refused)]
    [InlineData("/../a", Refused)]
    [InlineData("/a/../../b", Refused)]
    [InlineData("//..", Refused)]
    [InlineData("/%2e%2e/a", Refused)]
    [InlineData("/a/..;x=1/b", Refused)]
    [InlineData("/a/.;/b", Refused)]
    [InlineData("/100%", Refused)]
    [InlineData("/%4", Refused)]
    [InlineData("/%zz", Refused)]
    [InlineData("/%+1", Refused)]
    [InlineData("/% 1", Refused)]
    public void Path_HasThisOneForm(string path, string form) => Assert.Equal(form, Form(path));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a?b=/../c", "/a")]
    [InlineData("/?", "/")]
    [InlineData("/a?b?c", "/a")]
    public void PathOfATarget_EndsAtTheQuery(string target, string path) =>
        Assert.Equal(path, PathRules.PathOf(target).ToString());

    [Fact]
    public void Form_OfAForm_IsItself() => ForAllForms((_, form) => Assert.Equal(form, Form(form)));

    [Fact]
    public void Form_ClimbsNowhereAndHasNoEmptySegment() => ForAllForms((path, form) =>
    {
        var segments = form.Split('/');
        Assert.Equal("", segments[0]);
        Assert.DoesNotContain(".", segments);
        Assert.DoesNotContain("..", segments);
        Assert.DoesNotContain("", segments[1..^1]);
        Assert.True(form.Length <= path.Length);
    });

    [Fact]
    public void UnreservedCharacters_SpeltInAnotherWay_AreTheSamePath() => ForAll(path =>
    {
        var random = new Random(path.Length);
        var respelt = string.Concat(path.Select((c, i) => !IsUnreserved(c) || IsEncoding(path, i) ? $"{c}"
            : random.Next(3) switch { 0 => $"{c}", 1 => $"%{(int)c:x2}", _ => $"%{(int)c:X2}" }));
        Assert.Equal(Form(path), Form(respelt));
    });

    [Fact]
    public void PlainPath_IsItsOwnForm() => ForAll(path =>
        Assert.True(!PathRules.IsPlain(path) || Form(path) == path, path));

    [Fact]
    public void PathsOfEveryDay_ArePlain()
    {
        foreach (var path in (string[])["/", "/index.html", "/a/b/c-d_e~f/", "/v1.2/x", "/a;b=c/d,e/f@g:h"])
        {
            Assert.True(PathRules.IsPlain(path), path);
        }
    }

    [Fact]
    public void Normalising_AllocatesNothing()
    {
        var buffer = new char[64];

        Assert.Equal(0, Allocated.By(() => PathRules.Normalise("/v%31/../a//%c3%a9/./b", buffer)));
    }

    private static void ForAllForms(Action<string, string> holds) => ForAll(path =>
    {
        if (Form(path) is var form && form != Refused)
        {
            holds(path, form);
        }
    });

    private static void ForAll(Action<string> holds) => Prop.ForAll(Arb.From(Paths), holds).Check(
        FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5_000).WithReplay(
            FSharpOption<Replay>.Some(new Replay(new Rnd(20_261_125, 1), null))));

    private static bool IsUnreserved(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '~';

    private static bool IsEncoding(string path, int at) => path.IndexOf('%', Math.Max(0, at - 2), Math.Min(at, 2)) >= 0;

    private static string Form(string path)
    {
        var buffer = new char[path.Length];
        var length = PathRules.Normalise(path, buffer);
        return length == PathRules.Ambiguous ? Refused : new string(buffer, 0, length);
    }
}
