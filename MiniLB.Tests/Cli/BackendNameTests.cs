using MiniLB.Admin;
using MiniLB.Cli;

namespace MiniLB.Tests.Cli;

public sealed class BackendNameTests
{
    [Theory]
    [InlineData("default/10.0.0.1:8080", "default", "10.0.0.1:8080")]
    [InlineData("default/http://10.0.0.1:8080", "default", "http://10.0.0.1:8080")]
    [InlineData("http://10.0.0.1:8080", null, "http://10.0.0.1:8080")]
    [InlineData("http://10.0.0.1:8080/", null, "http://10.0.0.1:8080/")]
    [InlineData("10.0.0.1:8080", null, "10.0.0.1:8080")]
    [InlineData("a/[::1]:80", "a", "[::1]:80")]
    public void Name_IsTakenApartAtTheSlashThatIsNoUrls(string text, string? pool, string backend) =>
        Assert.Equal(new BackendName(pool, backend), BackendName.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("default/")]
    [InlineData("/10.0.0.1:8080")]
    public void HalfAName_IsNone(string text) => Assert.Null(BackendName.Parse(text));

    [Fact]
    public void Path_IsEncoded() => Assert.Equal(
        "/backends/a%20b/http%3A%2F%2F%5B%3A%3A1%5D%3A80", new BackendName("a b", "http://[::1]:80").Path(Pools()));

    [Fact]
    public void NameWithoutAPool_IsEnoughWhereThereIsOne()
    {
        var name = new BackendName(null, "b");

        Assert.Equal("/backends/web/b", name.Path(Pools("web")));
        var e = Assert.Throws<AdminCallException>(() => name.Path(Pools("web", "api")));
        Assert.Equal((2, "there are several pools, web, api: say POOL/b"), (e.ExitCode, e.Message));
    }

    private static BackendsDocument Pools(params string[] names) =>
        new([.. names.Select(n => new PoolDocument(n, 0, []))]);
}
