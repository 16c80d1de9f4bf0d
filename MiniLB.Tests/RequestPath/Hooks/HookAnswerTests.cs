using MiniLB.RequestPath.Hooks;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Hooks;

public sealed class HookAnswerTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(199)]
    [InlineData(600)]
    [InlineData(0)]
    public void Status_ThatIsNoFinalOne_IsRefused(int status) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new HookAnswer(status));

    // The body would be taken for the next answer.
    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    [InlineData(304)]
    public void Body_WhereTheStatusHasNone_IsRefused(int status)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HookAnswer(status, "text/plain", "x"u8));
        Assert.Equal(status, new HookAnswer(status).Head.Status);
    }

    [Fact]
    public void Body_HasItsLengthAndType()
    {
        var answer = new HookAnswer(403, "text/plain", "\u00e9"u8);
        answer.Headers.Set("X", "1");

        Assert.Equal("Content-Type=text/plain Content-Length=2 X=1", Heads.Passing(answer.Head.Fields));
        Assert.Equal(2, answer.Head.ContentLength);
    }
}
