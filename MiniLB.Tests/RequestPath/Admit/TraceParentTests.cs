using System.Text;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class TraceParentTests
{
    private const string Ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

    [Theory]
    [InlineData("00-" + Ids + "-01", true)]
    [InlineData("00-" + Ids + "-00", false)]
    [InlineData("00-" + Ids + "-03", true)]
    [InlineData("00-" + Ids + "-fe", false)]
    [InlineData("00-" + Ids + "-ff", true)]
    [InlineData("cc-" + Ids + "-01", true)]
    [InlineData("cc-" + Ids + "-01-what-will-come", true)]
    public void Text_ThatIsRight_TellsTheTraceTheSenderAndTheFlag(string text, bool isSampled)
    {
        Assert.True(TraceParent.TryParse(Encoding.ASCII.GetBytes(text), out var parent));

        Assert.Equal(new TraceParent("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", isSampled), parent);
        Assert.Equal($"00-{Ids}-{(isSampled ? "01" : "00")}", parent.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-" + Ids)]
    [InlineData("00-" + Ids + "-0")]
    [InlineData("00-" + Ids + "-01 ")]
    [InlineData("00-" + Ids + "-01-more")] // version 00 has no more
    [InlineData("cc-" + Ids + "-01.more")]
    [InlineData("ff-" + Ids + "-01")]
    [InlineData("0g-" + Ids + "-01")]
    [InlineData("00_" + Ids + "-01")]
    [InlineData("00-" + Ids + "_01")]
    [InlineData("00-" + Ids + "-0x")]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bX-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("00-" + Ids + "-01, 00-" + Ids + "-01")]
    public void Text_ThatIsWrong_IsNone(string text) =>
        Assert.False(TraceParent.TryParse(Encoding.ASCII.GetBytes(text), out _));
}
