using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class ListSyntaxTests
{
    [Theory]
    [InlineData("close", true)]
    [InlineData("Close", true)]
    [InlineData("a, close", true)]
    [InlineData("a,close ,b", true)]
    [InlineData(",,\tclose", true)]
    [InlineData("a close", false)]
    [InlineData("closed", false)]
    [InlineData("\"close\"", false)]
    [InlineData("clo,se", false)]
    [InlineData("", false)]
    public void Word_IsInAList_AsAWholeElement(string list, bool contains) =>
        Assert.Equal(contains, ListSyntax.Contains(Heads.Bytes(list), "close"u8));

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("gzip, br", true)]
    [InlineData("gzip,", false)]
    [InlineData(",gzip", false)]
    [InlineData("gzip;q=1", false)]
    [InlineData("", false)]
    public void ListOfTokens_HasNothingButTokens(string list, bool tokens) =>
        Assert.Equal(tokens, ListSyntax.IsListOfTokens(Heads.Bytes(list)));

    [Theory]
    [InlineData("NTLM", "NTLM")]
    [InlineData("NTLM abc", "NTLM")]
    [InlineData("Negotiate, NTLM", "Negotiate")]
    [InlineData("Basic\trealm", "Basic")]
    [InlineData("", "")]
    public void FirstWord_EndsAtABlankOrComma(string value, string word) =>
        Assert.Equal(word, Heads.Text(ListSyntax.FirstWord(Heads.Bytes(value))));
}
