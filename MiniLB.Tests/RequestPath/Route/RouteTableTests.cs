using System.Text;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Route;
using MiniLB.Tests.Config;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Route;

public sealed class RouteTableTests
{
    private const string None = "none";
    private const string Ambiguous = "ambiguous";

    [Fact]
    public void NoRoutes_NeedNoTable() => Assert.Null(RouteTable.Of(new BalancerOptions()));

    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "EXAMPLE.com", true)]
    [InlineData("Example.COM.", "example.com", true)]
    [InlineData("example.com", "example.com:8080", true)]
    [InlineData("example.com", "example.com:", true)]
    [InlineData("example.com", "example.com.", true)]
    [InlineData("example.com", "example.com.:443", true)]
    [InlineData("example.com", "a.example.com", false)]
    [InlineData("example.com", "example.com.evil.test", false)]
    [InlineData("example.com", "", false)]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.example.com", "a.b.EXAMPLE.com:80", true)]
    [InlineData("*.example.com", "a.example.com.", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", ".example.com", false)]
    [InlineData("*.example.com", "aexample.com", false)]
    [InlineData("*.example.com", "a.example.com.evil.test", false)]
    [InlineData("[::1]", "[::1]", true)]
    [InlineData("[::1]", "[::1]:8080", true)]
    [InlineData("[::1]", "[::2]", false)]
    [InlineData("10.0.0.1", "10.0.0.1:80", true)]
    public void Host_Matches(string pattern, string host, bool matches) =>
        Assert.Equal(matches ? "a" : None, Found($$"""{"host": "{{pattern}}", "pool": "a"}""", "/", host));

    [Theory]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a?x=1", true)]
    [InlineData("/a", "/a/", false)]
    [InlineData("/a", "/A", false)]
    [InlineData("/a/", "/a", false)]
    [InlineData("/v1/*", "/v1", true)]
    [InlineData("/v1/*", "/v1/", true)]
    [InlineData("/v1/*", "/v1?x", true)]
    [InlineData("/v1/*", "/v1/x/y?z=/", true)]
    [InlineData("/v1/*", "/v12", false)]
    [InlineData("/v1/*", "/?/v1/", false)]
    [InlineData("/*", "/", true)]
    [InlineData("/*", "/x", true)]
    [InlineData("/v1/*", "/v%31/x", true)]
    [InlineData("/v1/*", "//v1", true)]
    [InlineData("/v1/*", "/v1%2e/", false)]
    [InlineData("/v1./*", "/v1%2e/", true)]
    [InlineData("/v1/*", "/v1/../v2", false)]
    [InlineData("/v1/*", "/v2/%2e%2e/v1/x", true)]
    [InlineData("/caf%C3%A9", "/caf%c3%a9", true)]
    public void Path_Matches(string pattern, string target, bool matches) =>
        Assert.Equal(matches ? "a" : None, Found($$"""{"path": "{{pattern}}", "pool": "a"}""", target));

    [Theory]
    [InlineData("/v1%2fx")]
    [InlineData("/v1%5Cx")]
    [InlineData("/v1\\x")]
    [InlineData("/..")]
    [InlineData("/v1/../../x")]
    [InlineData("/v1/..;/admin")]
    public void AmbiguousPath_IsRefused_WhereAnyRouteReadsPaths(string target)
    {
        const string Any = """{"pool": "a"}""";

        Assert.Equal(Ambiguous, Found("""{"path": "/nowhere"}, """ + Any, target));
        Assert.Equal(Ambiguous, Found("""{"addPrefix": "/base", "pool": "a"}""", target));
        Assert.Equal(Ambiguous, Found("""{"redirect": "https://a.test{path}"}""", target));
        Assert.Equal("a", Found(Any, target));
        Assert.Equal("a", Found("""{"host": "other.test"}, """ + Any, target));
    }

    [Fact]
    public void EncodedSlash_InTheQuery_IsNoPath() =>
        Assert.Equal("a", Found("""{"path": "/v1/*", "pool": "a"}""", "/v1/x?next=%2f..%5c"));

    [Fact]
    public void Method_MatchesInItsOwnCase()
    {
        const string Route = """{"methods": ["GET", "PURGE"], "pool": "a"}""";

        Assert.Equal("a", Found(Route, "/"));
        Assert.Equal("a", Found(Route, "/", method: "PURGE"));
        Assert.Equal(None, Found(Route, "/", method: "HEAD"));
        Assert.Equal(None, Found(Route, "/", method: "get"));
    }

    [Theory]
    [InlineData("x-canary", "1", true)]
    [InlineData("X-Canary", "2", false)]
    [InlineData("X-Canary", "", false)]
    [InlineData("X-Canary", "11", false)]
    [InlineData("X-Other", "1", false)]
    public void HeaderValue_MatchesExactly(string name, string value, bool matches) => Assert.Equal(
        matches ? "a" : None, Found("""{"headers": {"X-Canary": "1"}, "pool": "a"}""", "/", fields: (name, value)));

    [Theory]
    [InlineData("\"*\"")]
    [InlineData("null")]
    public void HeaderOfAnyValue_MustBeThere(string any)
    {
        var route = $$"""{"headers": {"X-Canary": {{any}}}, "pool": "a"}""";

        Assert.Equal("a", Found(route, "/", fields: ("X-CANARY", "")));
        Assert.Equal(None, Found(route, "/", fields: ("X-Canar", "1")));
    }

    [Fact]
    public void Header_OfWhichAnyLineFits_Matches() => Assert.Equal("a", Found(
        """{"headers": {"X-A": "1", "X-B": "*"}, "pool": "a"}""", "/", fields: [("X-A", "0"), ("X-B", "0"), ("X-A", "1")]));

    [Fact]
    public void FirstMatch_Wins()
    {
        const string Routes = """
            {"path": "/v1/*", "methods": ["POST"], "pool": "c"}, {"path": "/v1/*", "pool": "b"}, {"pool": "a"}
            """;

        Assert.Equal("b", Found(Routes, "/v1/x"));
        Assert.Equal("c", Found(Routes, "/v1/x", method: "POST"));
        Assert.Equal("a", Found(Routes, "/v2"));
    }

    [Fact]
    public void RouteWithoutAnAction_LeadsToTheFirstPool() => Assert.Equal("a", Found("{\"path\": \"/*\"}", "/"));

    [Fact]
    public void Split_SharesTurnsExactly()
    {
        var table = Table("""{"split": {"c": 5, "a": 95, "b": 0}}""");
        var pools = Enumerable.Range(0, 1_000).Select(_ => NameOf(Find(table, "/").Route!.NextPool())).ToArray();

        foreach (var round in pools.Chunk(20))
        {
            Assert.Equal((19, 1), (round.Count(p => p == "a"), round.Count(p => p == "c")));
        }
    }

    [Fact]
    public void Split_OfParallelRequests_GivesEachPoolItsShare()
    {
        var table = Table("""{"split": {"a": 3, "b": 1}}""");
        var counts = new int[3];

        Parallel.For(0, 4_000, _ => Interlocked.Increment(ref counts[Find(table, "/").Route!.NextPool().Position]));

        Assert.Equal([3_000, 1_000, 0], counts);
    }

    [Fact]
    public void Timeouts_AreTheRoutesOverThePools()
    {
        var pool = Find(Table("""{"pool": "b", "timeouts": {"total": "7s", "idle": 0}}"""), "/").Route!.NextPool();

        Assert.Equal(
            new PoolTimeoutOptions
            {
                Connect = TimeSpan.FromSeconds(9),
                Total = TimeSpan.FromSeconds(7),
                Idle = TimeSpan.Zero,
            },
            pool.Timeouts);
    }

    [Theory]
    [InlineData("/v1", "/")]
    [InlineData("/v1?a=/v1", "/?a=/v1")]
    [InlineData("/v1/", "/")]
    [InlineData("/v1/x/y?z", "/x/y?z")]
    [InlineData("/v1/a%20b/%41", "/a%20b/%41")]
    [InlineData("/v1//x", "//x")]
    [InlineData("/v1/a/../b", "/a/../b")]
    [InlineData("/v1/.well-known", "/.well-known")]
    [InlineData("/v%31/x%2e?y=%31", "/x.?y=%31")]
    [InlineData("//v1/x", "/x")]
    [InlineData("//v1", "/")]
    [InlineData("/./v1/%c3%a9", "/%C3%A9")]
    [InlineData("/a/../v1", "/")]
    [InlineData("/v1/../v1/x", "/x")]
    public void StrippedPrefix_IsCutWhereItWasSpeltSo_ElseFromTheNormalisedPath(string target, string forwarded) =>
        Assert.Equal(forwarded, Forwarded("""{"path": "/v1/*", "stripPrefix": "/v1"}""", target));

    [Theory]
    [InlineData("/x?y", "/base/x?y")]
    [InlineData("/", "/base/")]
    [InlineData("/a/%2E./x", "/base/a/%2E./x")]
    public void AddedPrefix_StandsBeforeTheTargetAsSent(string target, string forwarded) =>
        Assert.Equal(forwarded, Forwarded("""{"addPrefix": "/base"}""", target));

    [Theory]
    [InlineData("/v1", "/v2")]
    [InlineData("/v1?q", "/v2?q")]
    [InlineData("/v1/", "/v2/")]
    [InlineData("/v1/x", "/v2/x")]
    [InlineData("/v%31/x", "/v2/x")]
    public void Prefixes_CanBeExchanged(string target, string forwarded) => Assert.Equal(
        forwarded, Forwarded("""{"path": "/v1/*", "stripPrefix": "/v1", "addPrefix": "/v2"}""", target));

    [Theory]
    [InlineData("/odd/./%7Epath//x?%zz")]
    [InlineData("/")]
    public void TargetOfAPlainRoute_IsForwardedByteForByte(string target) =>
        Assert.Equal(target, Forwarded("""{"path": "/*"}""", target));

    [Fact]
    public void LongPath_ThatIsNotPlain_IsMatchedToo()
    {
        var rest = string.Concat(Enumerable.Repeat("/a%20b", 500));

        Assert.Equal(rest, Forwarded("""{"path": "/v1/*", "stripPrefix": "/v1"}""", "/v1" + rest));
        Assert.Equal(rest, Forwarded("""{"path": "/v1/*", "stripPrefix": "/v1"}""", "/%761" + rest));
    }

    [Fact]
    public void PlainPath_IsMatchedAndCutWithoutAllocating()
    {
        var table = Table("""
            {"host": "*.other.test", "path": "/v9/*"}, {"headers": {"X-A": "1"}, "methods": ["GET"]},
            {"host": "*.example.com", "path": "/v1/*", "stripPrefix": "/v1", "split": {"a": 1, "b": 2}}
            """);
        var fields = Heads.Fields(("X-A", "2"));

        Assert.Equal(0, Allocated.By(() =>
        {
            var match = table.Find("GET", "www.example.com:8080", "/v1/x?y=1", fields);
            _ = match.Route!.NextPool();
        }));
    }

    [Theory]
    [InlineData("https://new.test{path}{query}", "/a%20b?c=d", "https://new.test/a%20b?c=d")]
    [InlineData("https://{host}{path}{query}", "/", "https://www.example.com/")]
    [InlineData("/new", "/a?b", "/new")]
    [InlineData("/new{path}", "//evil.test", "/new//evil.test")]
    [InlineData("/a{query}", "/x?{path}", "/a?{path}")]
    public void Redirect_HasThisLocation(string to, string target, string location)
    {
        var match = Find(Table($$"""{"redirect": "{{to}}"}"""), target);

        Assert.Equal(location, match.Route!.Redirect!.For("www.example.com", match.Target));
        Assert.Equal(308, match.Route.Redirect.Status);
    }

    [Fact]
    public void Redirect_AfterStrippingAPrefix_NamesWhatIsLeft()
    {
        var match = Find(Table("""{"path": "/old/*", "stripPrefix": "/old", "redirect": "/new{path}"}"""), "/old/x");

        Assert.Equal("/new/x", match.Route!.Redirect!.For("", match.Target));
    }

    private static RouteTable Table(string routes) => RouteTable.Of(Configured.Good(Configured.By($$"""
        {
          "pools": {
            "a": {"backends": ["http://10.0.0.1"]},
            "b": {"backends": ["http://10.0.0.2"], "timeouts": {"connect": "9s", "total": "1s", "idle": "2s"} },
            "c": {"backends": ["http://10.0.0.3"]}
          },
          "routes": [{{routes}}]
        }
        """)))!;

    private static string Found(
        string routes, string target, string host = "www.example.com", string method = "GET",
        params (string Name, string Value)[] fields)
    {
        var match = Table(routes).Find(method, host, target, Heads.Fields(fields));
        return match.IsAmbiguous ? Ambiguous : match.Route is null ? None : NameOf(match.Route.NextPool());
    }

    private static RouteMatch Find(RouteTable table, string target) =>
        table.Find("GET", "www.example.com", target, Heads.Fields());

    private static string NameOf(RoutedPool pool) => ((char)('a' + pool.Position)).ToString();

    private static string Forwarded(string route, string target)
    {
        var match = Find(Table(route), target);
        Assert.NotNull(match.Route);
        return new StringBuilder(match.Target.Prefix).Append(match.Target.Rest).ToString() is var text
            && text == match.Target.ToString() ? text : "two texts";
    }
}
