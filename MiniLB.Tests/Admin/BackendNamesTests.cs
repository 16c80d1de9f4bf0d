using MiniLB.Admin;
using MiniLB.Config.Options;
using MiniLB.State;

namespace MiniLB.Tests.Admin;

public sealed class BackendNamesTests
{
    private static readonly string[] Urls =
    [
        "http://10.0.0.1:8080", "http://api.test", "https://api.test", "http://[::1]:9001", "http://h:443", "https://h",
    ];

    [Theory]
    [InlineData("10.0.0.1:8080", 0)]
    [InlineData("http://10.0.0.1:8080", 0)]
    [InlineData("http://10.0.0.1:8080/", 0)]
    [InlineData("HTTP://API.test", 1)]
    [InlineData("API.TEST:80", 1)]
    [InlineData("https://api.test:443", 2)]
    [InlineData("api.test:443", 2)]
    [InlineData("[::1]:9001", 3)]
    [InlineData("[0:0::1]:9001", 3)]
    [InlineData("https://h", 5)]
    public void Name_FindsTheBackendThatItMeans(string name, int index)
    {
        Assert.Null(BackendNames.Find(World(), "default", name, out var backend));
        Assert.Equal(Urls[index], backend.Url);
    }

    [Theory]
    [InlineData("default", "10.0.0.1")]
    [InlineData("default", "10.0.0.2:8080")]
    [InlineData("default", "https://10.0.0.1:8080")]
    [InlineData("default", "http://10.0.0.1:8080/path")]
    [InlineData("default", "")]
    public void OtherName_IsToldWhichBackendsThereAre(string pool, string name)
    {
        var refusal = BackendNames.Find(World(), pool, name, out _)!;

        Assert.Equal(404, refusal.Status);
        Assert.All(Urls, url => Assert.Contains(url, refusal.Detail, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Default")]
    [InlineData("")]
    public void OtherPool_IsToldWhichPoolsThereAre(string pool)
    {
        var refusal = BackendNames.Find(World(), pool, "10.0.0.1:8080", out _)!;

        Assert.Equal((404, $"There is no pool '{pool}', only default, spare"), (refusal.Status, refusal.Detail));
    }

    [Theory]
    [InlineData("api.test", "http://api.test, https://api.test")]
    [InlineData("h:443", "http://h:443, https://h")]
    public void NameOfTwo_IsAskedForTheWholeUrl(string name, string both) => Assert.Equal(
        $"'{name}' may be any of {both}: give the whole URL",
        BackendNames.Find(World(), "default", name, out _)!.Detail);

    private static WorldSnapshot World() => new World(new BalancerOptions
    {
        Pools =
        [
            Sample.PoolOptions([.. Urls.Select(u => Sample.BackendOptions(u))]),
            Sample.PoolOptions(Sample.BackendOptions("http://spare.test")) with { Name = "spare" },
        ],
    }).Current;
}
