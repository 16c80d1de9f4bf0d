using System.Net;
using MiniLB.BackgroundLoops.Discovery;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

public sealed class SystemFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FileThatHasChanged_IsReadAgain()
    {
        var hosts = _folder.Write("hosts", "10.0.0.1 a");
        var files = new SystemFiles(_folder.File("none"), hosts);
        Assert.Equal([IPAddress.Parse("10.0.0.1")], files.Hosts.Find("a"));

        File.WriteAllText(hosts, "10.0.0.20 a");

        Assert.Equal([IPAddress.Parse("10.0.0.20")], files.Hosts.Find("a"));
    }

    [Fact]
    public void FileThatCouldNotBeReadForAMoment_IsReadAfterIt()
    {
        var hosts = _folder.Write("hosts", "10.0.0.1 a");
        var files = new SystemFiles(_folder.File("none"), hosts);
        using (File.Open(hosts, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Null(files.Hosts.Find("a"));
        }

        Assert.Equal([IPAddress.Parse("10.0.0.1")], files.Hosts.Find("a"));
    }
}
