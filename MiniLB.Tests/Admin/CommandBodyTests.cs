using System.Text;
using MiniLB.Admin;

namespace MiniLB.Tests.Admin;

public sealed class CommandBodyTests
{
    [Theory]
    [InlineData("3", 3)]
    [InlineData("""{"weight": 3}""", 3)]
    [InlineData(" { \"weight\" : 1 } ", 1)]
    [InlineData("256\n", 256)]
    public void Weight_IsANumberOrAMemberOfThatName(string body, int expected)
    {
        Assert.Null(CommandBody.RefuseWeight(Encoding.UTF8.GetBytes(body), out var weight));
        Assert.Equal(expected, weight);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("257")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1e1000")]
    [InlineData("99999999999")]
    [InlineData("\"3\"")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[3]")]
    [InlineData("3 3")]
    [InlineData("""{"weight": "3"}""")]
    [InlineData("""{"Weight": 3}""")]
    [InlineData("""{"weight": 3, "weight": 4}""")]
    [InlineData("""{"weight": 3, "backup": true}""")]
    [InlineData("""{"weight": {"weight": 3}}""")]
    [InlineData("""{"weight": 3""")]
    [InlineData("{\"weight\": 3}\u00e4")]
    public void OtherWeight_IsToldWhatWouldBeAccepted(string body)
    {
        var refusal = CommandBody.RefuseWeight(Encoding.Latin1.GetBytes(body), out _)!;

        Assert.Equal(400, refusal.Status);
        Assert.Equal("Send a whole number from 1 to 256, or { \"weight\": 3 }", refusal.Detail);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("{}", true)]
    [InlineData(" { } ", true)]
    [InlineData(" ", false)]
    [InlineData("[]", false)]
    [InlineData("null", false)]
    [InlineData("{\"a\":1}", false)]
    [InlineData("{", false)]
    public void Content_OfACommandThatNeedsNone_IsEmpty(string body, bool accepted) =>
        Assert.Equal(accepted, CommandBody.RefuseContent(Encoding.UTF8.GetBytes(body)) is null);
}
