using MiniLB.RequestPath.Summarize;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class AppendedFileTests
{
    [Fact]
    public void TwoWriters_OverwriteNothing()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("log", "before|");
        using (var first = AppendedFile.Open(path))
        using (var second = AppendedFile.Open(path))
        {
            first.Write("1|"u8);
            second.Write("2|"u8);
            first.Write("3|"u8);
        }

        Assert.Equal("before|1|2|3|", File.ReadAllText(path));
    }

    // logrotate's copytruncate.
    [Fact]
    public void TruncatedFile_BeginsAnew()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("log", "before|");
        using var file = AppendedFile.Open(path);
        file.Write("1|"u8);

        File.WriteAllText(path, "");
        file.Write("2|"u8);

        Assert.Equal("2|", File.ReadAllText(path));
    }

    [Fact]
    public void File_ThatCannotBeOpened_IsNamed() => Assert.Contains("/no/such/folder/a.log",
        Assert.ThrowsAny<IOException>(() => AppendedFile.Open("/no/such/folder/a.log")).Message,
        StringComparison.Ordinal);
}
