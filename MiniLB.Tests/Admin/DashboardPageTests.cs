using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MiniLB.Admin;

namespace MiniLB.Tests.Admin;

public sealed partial class DashboardPageTests
{
    private static readonly OwnAnswer Answer = DashboardPage.Answer().Document!;
    private static readonly string Page = Encoding.UTF8.GetString(Answer.Body);
    private static readonly string Policy = Answer.Fields.Single(f => f.Key == "Content-Security-Policy").Value;

    [Fact]
    public void Page_IsSmall() => Assert.InRange(Answer.Body.Length, 10_000, 60 * 1024);

    [Fact]
    public void Page_AsksForNothingFromElsewhere()
    {
        Assert.Equal(["http://www.w3.org/2000/svg", "http://www.w3.org/2000/svg"],
            Url().Matches(Page).Select(m => m.Value));
        Assert.DoesNotMatch(@"(?i)\b(src|action)=|@import|url\(|//\w+\.\w", Page.Replace(
            "http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
    }

    // Names come from configurations and requests.
    [Fact]
    public void Page_MakesNoMarkupOfWhatItIsTold() => Assert.DoesNotMatch(
        @"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|setHTML| style=| on\w+=""",
        Page);

    [Theory]
    [InlineData("default-src 'none'")]
    [InlineData("connect-src 'self'")]
    [InlineData("frame-ancestors 'none'")]
    [InlineData("base-uri 'none'")]
    [InlineData("form-action 'none'")]
    public void Policy_AllowsNothingElse(string directive)
    {
        Assert.Contains(directive, Policy.Split("; "));
        Assert.DoesNotContain("unsafe", Policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("style")]
    [InlineData("script")]
    public void Policy_NamesThePagesOwnElement_OfWhichThereIsOne(string element)
    {
        var content = Regex.Matches(Page, $"<{element}[^>]*>(.*?)</{element}>", RegexOptions.Singleline)
            .Select(m => m.Groups[1].Value);

        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Assert.Single(content))));
        Assert.Contains($"{element}-src 'sha256-{hash}'", Policy.Split("; "));
    }

    [Theory]
    [InlineData("X-Content-Type-Options", "nosniff")]
    [InlineData("Referrer-Policy", "no-referrer")]
    public void Page_IsKeptToItself(string name, string value) =>
        Assert.Contains(new KeyValuePair<string, string>(name, value), Answer.Fields);

    [GeneratedRegex(@"https?://[\w./]+\w")]
    private static partial Regex Url();
}
