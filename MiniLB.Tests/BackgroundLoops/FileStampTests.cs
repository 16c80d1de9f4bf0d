using MiniLB.BackgroundLoops;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops;

public sealed class FileStampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SameFile_HasTheSameStamp()
    {
        var file = _folder.Write("a", "x");

        Assert.Equal(FileStamp.Of(file), FileStamp.Of(file));
    }

    [Fact]
    public void OtherContent_HasAnotherStamp()
    {
        var file = _folder.Write("a", "x");
        var before = FileStamp.Of(file);
        File.WriteAllText(file, "xy");

        Assert.NotEqual(before, FileStamp.Of(file));
    }

    // As Kubernetes changes a ConfigMap: the path leads over a link to a folder, which is replaced.
    [Fact]
    public void LinkToAnotherFolder_HasAnotherStamp()
    {
        var (one, two) = (_folder.File("1"), _folder.File("2"));
        Directory.CreateDirectory(one);
        Directory.CreateDirectory(two);
        File.WriteAllText(Path.Combine(one, "a"), "x");
        File.WriteAllText(Path.Combine(two, "a"), "y");
        File.SetLastWriteTimeUtc(Path.Combine(two, "a"), DateTime.UtcNow.AddMinutes(1));
        var link = _folder.File("data");
        Directory.CreateSymbolicLink(link, one);
        var before = FileStamp.Of(Path.Combine(link, "a"));

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, two);

        Assert.NotEqual(before, FileStamp.Of(Path.Combine(link, "a")));
    }

    [Fact]
    public void NoFile_HasTheStampOfNone() => Assert.Equal(FileStamp.Of(null), FileStamp.Of(_folder.File("none")));
}
