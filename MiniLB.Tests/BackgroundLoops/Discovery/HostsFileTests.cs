using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

public sealed class HostsFileTests
{
    private static readonly HostsFile File = HostsFile.Parse("""
        # comment
        127.0.0.1   localhost
        10.0.0.1    api.internal api  # the first
        10.0.0.2    API.internal
        fd00::1     api.internal.
        not.an.address api.internal
        10.0.0.3
        """);

    [Theory]
    [InlineData("api.internal")]
    [InlineData("Api.Internal.")]
    public void Name_HasAllItsAddresses(string name) => Assert.Equal(
        ["10.0.0.1", "10.0.0.2", "fd00::1"], File.Find(name)!.Select(a => a.ToString()));

    [Fact]
    public void Alias_HasThoseOfItsLine() => Assert.Equal("10.0.0.1", Assert.Single(File.Find("api")!).ToString());

    [Fact]
    public void OtherNames_AreNotThere() => Assert.Null(File.Find("internal"));
}
