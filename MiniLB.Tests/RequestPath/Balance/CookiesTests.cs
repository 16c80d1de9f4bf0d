using System.Text;
using MiniLB.RequestPath.Balance;

namespace MiniLB.Tests.RequestPath.Balance;

public sealed class CookiesTests
{
    [Theory]
    [InlineData("id=1", "1")]
    [InlineData("a=0; id=1; b=2", "1")]
    [InlineData("a=0;id=1;b=2", "1")]
    [InlineData("  id=1\t; b=2", "1")]
    [InlineData("id=1; id=2", "1|2")]
    [InlineData("id=", "")]
    [InlineData("id=; id=2", "|2")]
    [InlineData("id=\"1\"", "\"1\"")]
    [InlineData("id=a=b==", "a=b==")]
    [InlineData("id=1;", "1")]
    [InlineData(";;; ;id=1;;", "1")]
    [InlineData("x=\"id=7\"; id=1", "1")]
    public void Cookie_OfTheName_IsFound(string line, string values) => Assert.Equal(values, Find("id", line));

    [Theory]
    [InlineData("")]
    [InlineData("id")]
    [InlineData("=1")]
    [InlineData("idx=1")]
    [InlineData("xid=1")]
    [InlineData("ID=1")]
    [InlineData("i=d=1")]
    [InlineData("a=id=1")]
    [InlineData("id =1")]
    public void Cookie_OfAnotherName_IsNotTakenForIt(string line) => Assert.Null(Find("id", line));

    [Theory]
    [InlineData("1|2|3", "id=1; a=0", "id=2", "", "b=0", "id=3")]
    [InlineData("2", "a=0;", "b=0; id=2")]
    public void SeveralLines_AreReadInTheirOrder(string values, params string[] lines) =>
        Assert.Equal(values, Find("id", lines));

    [Fact]
    public void OtherFields_AreNotLookedInto()
    {
        var fields = TestExchange.To("/", ("X-Cookie", "id=1"), ("Set-Cookie", "id=2")).RequestFields;

        Assert.False(new Cookies(fields, "id"u8).TryNext(out _));
    }

    private static string? Find(string name, params string[] lines)
    {
        var fields = TestExchange.WithCookies(lines).RequestFields;
        var cookies = new Cookies(fields, Encoding.ASCII.GetBytes(name));
        var values = new List<string>();
        while (cookies.TryNext(out var value))
        {
            values.Add(Encoding.Latin1.GetString(value));
        }

        return values.Count == 0 ? null : string.Join('|', values);
    }
}
