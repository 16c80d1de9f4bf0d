using System.Net;
using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

public sealed class ResolverSettingsTests
{
    [Fact]
    public void File_IsReadAsTheSystemReadsIt()
    {
        var settings = ResolverSettings.Parse("""
            # Written by hand.
            domain old.internal
            search a.internal b.internal.
            nameserver 10.0.0.1
            nameserver ::1
            nameserver no.address
            nameserver 10.0.0.2
            nameserver 10.0.0.3
            options ndots:5 timeout:3 attempts:4 rotate edns0
            """);

        Assert.Equal(
            ["10.0.0.1:53", "[::1]:53", "10.0.0.2:53"], settings.Servers.Select(s => s.ToString()));
        Assert.Equal(["a.internal", "b.internal."], settings.Search);
        Assert.Equal((5, TimeSpan.FromSeconds(3), 4), (settings.Dots, settings.Timeout, settings.Attempts));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nameserver\noptions\nsearch\noptions ndots:x timeout: :5 attempts:99999999999")]
    [InlineData("\0\0\n\t\n;\n")]
    public void FileThatSaysNothing_LeavesTheServerOfThisMachine(string text)
    {
        var settings = ResolverSettings.Parse(text);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 53), Assert.Single(settings.Servers));
        Assert.Equal((1, TimeSpan.FromSeconds(2), 2), (settings.Dots, settings.Timeout, settings.Attempts));
    }

    [Fact]
    public void Numbers_AreBounded()
    {
        var settings = ResolverSettings.Parse("options ndots:99 timeout:0 attempts:99");

        Assert.Equal((15, TimeSpan.FromSeconds(1), 5), (settings.Dots, settings.Timeout, settings.Attempts));
    }

    [Theory]
    [InlineData("api", "api.a.internal api.b.internal api")]
    [InlineData("api.prod", "api.prod api.prod.a.internal api.prod.b.internal")]
    [InlineData("api.prod.", "api.prod.")]
    public void Names_AreSearchedForByTheirDots(string name, string candidates) => Assert.Equal(
        candidates.Split(' '), ResolverSettings.Parse("search a.internal b.internal").Candidates(name));
}
