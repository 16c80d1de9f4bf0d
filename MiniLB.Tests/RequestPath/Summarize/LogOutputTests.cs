using Microsoft.Win32.SafeHandles;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class LogOutputTests
{
    [Fact]
    public void FullDisk_LosesTheLines_AndSaysHowMany()
    {
        using var output = new LogOutput(Full());

        var lost = Assert.Throws<LinesLostException>(() => output.Write("one\ntwo\n"u8));

        Assert.Equal(2, lost.Lines);
        Assert.Contains("No space left", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FullDisk_IsNotSaid_WhereThereIsNobodyToSayItTo()
    {
        using var output = new LogOutput(Full(), mayLose: true);

        output.Write("one\n"u8);
    }

    private static SafeFileHandle Full() => File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
}
