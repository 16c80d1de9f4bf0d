using MiniLB.BackgroundLoops;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops;

public sealed class FileStampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The two ways to have one: by the system's call, and by what .NET has.</summary>
    public static TheoryData<Func<string, object>> Ways => [p => FileStamp.OfStatus(p), p => FileStamp.OfOpened(p)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void SameFile_HasTheSameStamp(Func<string, object> stamp)
    {
        var file = _folder.Write("a", "x");

        Assert.Equal(stamp(file), stamp(file));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void OtherContent_HasAnotherStamp(Func<string, object> stamp)
    {
        var file = _folder.Write("a", "x");
        var before = stamp(file);
        File.WriteAllText(file, "xy");

        Assert.NotEqual(before, stamp(file));
    }

    // As Kubernetes changes a ConfigMap: the path leads over a link to a folder, which is replaced.
    [Theory]
    [MemberData(nameof(Ways))]
    public void LinkToAnotherFolder_HasAnotherStamp(Func<string, object> stamp)
    {
        var (one, two) = (_folder.File("1"), _folder.File("2"));
        Directory.CreateDirectory(one);
        Directory.CreateDirectory(two);
        File.WriteAllText(Path.Combine(one, "a"), "x");
        File.WriteAllText(Path.Combine(two, "a"), "y");
        File.SetLastWriteTimeUtc(Path.Combine(two, "a"), DateTime.UtcNow.AddMinutes(1));
        var link = _folder.File("data");
        Directory.CreateSymbolicLink(link, one);
        var before = stamp(Path.Combine(link, "a"));

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, two);

        Assert.NotEqual(before, stamp(Path.Combine(link, "a")));
    }

    // As packages with reproducible times have it: same length, same time of writing.
    [Fact]
    public void OtherFileWithTheSameTimeOfWriting_HasAnotherStamp()
    {
        var (file, next) = (_folder.Write("a", "x"), _folder.Write("b", "y"));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        var before = FileStamp.OfStatus(file);
        TimeThatHasPassed();
        File.SetLastWriteTimeUtc(next, DateTime.UnixEpoch);
        File.Move(next, file, overwrite: true);

        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(file));
        Assert.NotEqual(before, FileStamp.OfStatus(file));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void FileInAFolder_ChangesTheStampOfTheFolder(Func<string, object> stamp)
    {
        var folder = _folder.File("folder");
        Directory.CreateDirectory(folder);
        var before = stamp(folder);
        TimeThatHasPassed();
        File.WriteAllText(Path.Combine(folder, "a"), "x");

        Assert.NotEqual(before, stamp(folder));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void NoFile_HasTheStampOfNone(Func<string, object> stamp) =>
        Assert.Equal(FileStamp.Of(null), stamp(_folder.File("none")));

    [Fact]
    public void OtherRights_HaveAnotherStamp()
    {
        var file = _folder.Write("a", "x");
        var before = FileStamp.OfStatus(file);
        TimeThatHasPassed();
        File.SetUnixFileMode(file, UnixFileMode.UserRead);

        Assert.NotEqual(before, FileStamp.OfStatus(file));
    }

    // A file system's clock moves in ticks of the kernel, 10 ms at most: until another file's time has moved on.
    private void TimeThatHasPassed()
    {
        var probe = _folder.Write("clock", "x");
        var (before, deadline) = (FileStamp.OfStatus(probe), Environment.TickCount64 + 10_000);
        while (FileStamp.OfStatus(probe) == before)
        {
            Assert.True(Environment.TickCount64 < deadline, "the clock of the file system stands still");
            File.WriteAllText(probe, "x");
        }
    }
}
