using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class RouteBinderTests
{
    private const string ExpectedPool = " is not a pool; there are web, api";
    private const string ExpectedMethod = " is not a method such as GET; case counts, and CONNECT is served nowhere";
    private const string Value = "a header value of printable ASCII without blanks around it, or * for any";
    private const string OneOf = "expected one of pool, split, redirect";

    [Fact]
    public void EveryKey_HasItsMeaning()
    {
        var route = Assert.Single(Good("""
            {
              "host": "*.Example.com.", "path": "/v1/*", "methods": ["GET", "PURGE"],
              "headers": {"X-Canary": "1", "X-Any": "*", "X-Some": null},
              "split": {"web": 95, "api": "5"}, "stripPrefix": "/v1", "addPrefix": "/base",
              "timeouts": {"responseHeaders": "1s", "idle": "2s", "total": "3s", "tunnel": "off"},
            }
            """));

        Assert.Equal("*.example.com", route.Host);
        Assert.Equal("/v1/*", route.Path);
        Assert.Equal(["GET", "PURGE"], route.Methods);
        Assert.Equal(
            [("X-Canary", "1"), ("X-Any", null), ("X-Some", null)], route.Headers.Select(h => (h.Key, h.Value)));
        Assert.Equal([new PoolShare("web", 95), new PoolShare("api", 5)], route.Pools);
        Assert.Equal(("/v1", "/base"), (route.StripPrefix, route.AddPrefix));
        Assert.Null(route.Redirect);
        Assert.Equal(
            new RouteTimeoutOptions
            {
                ResponseHeaders = TimeSpan.FromSeconds(1),
                Idle = TimeSpan.FromSeconds(2),
                Total = TimeSpan.FromSeconds(3),
                Tunnel = TimeSpan.Zero,
            },
            route.Timeouts);
    }

    [Fact]
    public void EmptyRoute_TakesEverythingToTheFirstPool()
    {
        foreach (var text in (string[])["{}", """
            {
              "host": null, "path": null, "methods": null, "headers": null, "pool": null, "split": null,
              "stripPrefix": null, "addPrefix": null, "redirect": null, "timeouts": {"total": null}
            }
            """])
        {
            var route = Assert.Single(Good(text));
            Assert.Equal(new PoolShare("web", 1), Assert.Single(route.Pools));
            Assert.Equal((null, null, null, null), (route.Host, route.Path, route.StripPrefix, route.AddPrefix));
            Assert.Empty(route.Methods);
            Assert.Empty(route.Headers);
            Assert.Equal(new RouteTimeoutOptions(), route.Timeouts);
        }
    }

    [Fact]
    public void RoutesOfTheEnvironment_NamePoolsInCapitals()
    {
        var errors = new ConfigErrors();
        var root = new JsonConfigReader().Read(Json("")!, "minilb.json", errors)!;
        EnvironmentOverlay.Apply(root, new Dictionary<string, string>
        {
            ["MINILB_ROUTES__0__PATH"] = "/api/*",
            ["MINILB_ROUTES__0__STRIPPREFIX"] = "/api",
            ["MINILB_ROUTES__0__SPLIT__API"] = "1",
        }, errors);

        var route = Assert.Single(OptionsBinder.Bind(root, errors).Routes);

        Assert.Empty(errors.Errors);
        Assert.Equal(("/api/*", "/api"), (route.Path, route.StripPrefix));
        Assert.Equal([new PoolShare("api", 1)], route.Pools);
    }

    [Theory]
    [InlineData("\"/new\"", "/new", 308)]
    [InlineData("{\"to\": \"https://{host}{path}{query}\", \"status\": 301}", "https://{host}{path}{query}", 301)]
    [InlineData("{\"to\": \"http://a.test:8080/x?y={path}\", \"status\": \"302\"}", "http://a.test:8080/x?y={path}", 302)]
    [InlineData("{\"to\": \"/\", \"status\": 307}", "/", 307)]
    public void Redirect_HasItsMeaning(string redirect, string to, int status)
    {
        var route = Assert.Single(Good($$"""{"redirect": {{redirect}}}"""));

        Assert.Equal(new RedirectOptions(to, status), route.Redirect);
        Assert.Empty(route.Pools);
    }

    [Theory]
    [InlineData("//evil.test")]
    [InlineData("{path}")]
    [InlineData("/{path}")]
    [InlineData("https://{path}")]
    [InlineData("https:/{path}")]
    [InlineData("https:///x")]
    [InlineData("https://{query}")]
    [InlineData("https://user@a.test/")]
    [InlineData("https://a b/")]
    [InlineData("https://")]
    [InlineData("/{uri}")]
    [InlineData("/a}")]
    [InlineData("/\\\\evil.test")]
    [InlineData("/a\\r\\nX: y")]
    [InlineData("ftp://a.test/")]
    [InlineData("a.test")]
    [InlineData("")]
    public void RedirectThatCouldLeadAstray_IsRefused(string to)
    {
        Assert.Contains($"is not {RedirectText.Expected}", Error($$"""{"redirect": "{{to}}"}"""), StringComparison.Ordinal);
        Assert.Contains(
            $"is not {RedirectText.Expected}", Error($$"""{"redirect": {"to": "{{to}}"} }"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example.com:8080")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("a.*.com")]
    [InlineData("*a.com")]
    [InlineData("a..com")]
    [InlineData(".com")]
    [InlineData("b\u00fccher.example")]
    [InlineData("http://a.test")]
    [InlineData("::1")]
    [InlineData("[10.0.0.1]")]
    [InlineData("*.[::1]")]
    [InlineData("")]
    public void Host_ThatIsNone_IsRefused(string host) => Assert.Equal(
        $"host: '{host}' is not {RouteHost.Expected}", Error($$"""{"host": "{{host}}"}"""));

    [Theory]
    [InlineData("v1")]
    [InlineData("/v1*")]
    [InlineData("/*/x")]
    [InlineData("/v1/**")]
    [InlineData("//*")]
    [InlineData("/v1//*")]
    [InlineData("/a//b")]
    [InlineData("/a/../b")]
    [InlineData("/a/.")]
    [InlineData("/a/..;x/b")]
    [InlineData("/a?b")]
    [InlineData("/a#b")]
    [InlineData("/a b")]
    [InlineData("/%61")]
    [InlineData("/%2F")]
    [InlineData("/%5C")]
    [InlineData("/%c3")]
    [InlineData("/%4")]
    [InlineData("/\u00e9")]
    [InlineData("*")]
    [InlineData("")]
    public void Path_ThatNothingMatches_IsRefused(string path) => Assert.Equal(
        $"path: '{path}' is not {RoutePath.Expected}", Error($$"""{"path": "{{path}}"}"""));

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/")]
    [InlineData("v1")]
    [InlineData("/v1/*")]
    [InlineData("")]
    public void Prefix_ThatIsNone_IsRefused(string prefix)
    {
        Assert.Equal($"addPrefix: '{prefix}' is not {RoutePath.ExpectedPrefix}", Error($$"""{"addPrefix": "{{prefix}}"}"""));
        Assert.Equal(
            $"stripPrefix: '{prefix}' is not {RoutePath.ExpectedPrefix}",
            Error($$"""{"path": "/v1/*", "stripPrefix": "{{prefix}}"}"""));
    }

    [Theory]
    [InlineData("\"stripPrefix\": \"/v1\"")]
    [InlineData("\"path\": \"/*\", \"stripPrefix\": \"/v1\"")]
    [InlineData("\"path\": \"/v12/*\", \"stripPrefix\": \"/v1\"")]
    [InlineData("\"path\": \"/\", \"stripPrefix\": \"/v1\"")]
    public void StrippedPrefix_ThatNotEveryPathBeginsWith_IsRefused(string keys) => Assert.Equal(
        "stripPrefix: '/v1' is not what every path of the route begins with; expected a path such as /v1/*",
        Error("{" + keys + "}"));

    [Theory]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    [InlineData("/v1/*")]
    [InlineData("/v1/x/*")]
    public void StrippedPrefix_OfEveryPath_IsTaken(string path) =>
        Assert.Single(Good($$"""{"path": "{{path}}", "stripPrefix": "/v1"}"""));

    [Theory]
    [InlineData("\"methods\": [\"get\"]", "methods[0]: 'get'" + ExpectedMethod)]
    [InlineData("\"methods\": [\"G T\"]", "methods[0]: 'G T'" + ExpectedMethod)]
    [InlineData("\"methods\": [\"GET\", \"CONNECT\"]", "methods[1]: 'CONNECT'" + ExpectedMethod)]
    [InlineData("\"methods\": \"GET\"", "methods: expected a list, found 'GET'")]
    [InlineData("\"headers\": {\"X A\": \"1\"}", "headers.X A: 'X A' is not a header name")]
    [InlineData("\"headers\": {\"X-A\": \"\"}", "headers.X-A: '' is not " + Value)]
    [InlineData("\"headers\": {\"X-A\": [1]}", "headers.X-A: expected " + Value + ", found a list")]
    [InlineData("\"headers\": [\"X-A\"]", "headers: expected keys and values, found a list")]
    [InlineData("\"pool\": \"apii\"", "pool: 'apii'" + ExpectedPool)]
    [InlineData("\"split\": {\"web\": 1, \"apii\": 1}", "split.apii: 'apii'" + ExpectedPool)]
    [InlineData("\"split\": {\"web\": -1}", "split.web: '-1' is not a whole number from 0 to 10000")]
    [InlineData("\"split\": {\"web\": 0, \"api\": 0}", "split: gives no pool a share; expected one above 0")]
    [InlineData("\"split\": {}", "split: gives no pool a share; expected one above 0")]
    [InlineData("\"split\": \"web\"", "split: expected keys and values, found 'web'")]
    [InlineData("\"redirect\": {}", "redirect.to: is missing; expected " + RedirectText.Expected)]
    [InlineData(
        "\"redirect\": {\"to\": \"/\", \"status\": 200}", "redirect.status: '200' is not one of 301, 302, 307, 308")]
    [InlineData("\"redirect\": {\"to\": \"/\", \"code\": 301}", "redirect.code: unknown key; known here: to, status")]
    [InlineData(
        "\"timeouts\": {\"connect\": \"1s\"}",
        "timeouts.connect: unknown key; known here: responseHeaders, idle, total, tunnel")]
    [InlineData("\"pools\": \"api\"", "pools: unknown key; did you mean 'pool'?")]
    public void ValueThatDoesNotFit_IsExactlyThisError(string key, string error) =>
        Assert.Equal(error, Error("{" + key + "}"));

    [Theory]
    [InlineData("\"pool\": \"api\", \"redirect\": \"/\"", "has pool and redirect")]
    [InlineData("\"pool\": \"api\", \"split\": {\"api\": 1}", "has pool and split")]
    [InlineData("\"split\": {\"api\": 1}, \"redirect\": \"/\"", "has split and redirect")]
    public void RouteWithTwoEnds_IsRefused(string keys, string error) => Assert.Equal(
        [$"minilb.json:3:1 routes[0]: {error}; {OneOf}"], By("{" + keys + "}").Errors);

    [Theory]
    [InlineData("", "\"path\": \"/v1/*\"")]
    [InlineData("\"path\": \"/v1/*\"", "\"path\": \"/v1/*\"")]
    [InlineData("\"path\": \"/v1/*\"", "\"path\": \"/v1\"")]
    [InlineData("\"path\": \"/v1/*\"", "\"path\": \"/v1/x/*\", \"methods\": [\"GET\"]")]
    [InlineData("\"path\": \"/*\"", "\"path\": \"/\"")]
    [InlineData("\"host\": \"*.a.test\"", "\"host\": \"b.A.test\"")]
    [InlineData("\"host\": \"*.a.test\"", "\"host\": \"*.b.a.test\", \"path\": \"/\"")]
    [InlineData("\"methods\": [\"GET\", \"HEAD\"]", "\"methods\": [\"HEAD\"]")]
    [InlineData("\"headers\": {\"X-A\": \"*\"}", "\"headers\": {\"x-a\": \"1\", \"X-B\": \"*\"}")]
    public void RouteBehindOneThatTakesAllOfIts_IsRefused(string first, string second) => Assert.Equal(
        ["minilb.json:4:1 routes[1]: can never match: routes[0] comes first and matches all that it would"],
        By($"{{{first}}},\n{{{second}}}").Errors);

    [Theory]
    [InlineData("\"path\": \"/v1/*\"", "")]
    [InlineData("\"path\": \"/v1\"", "\"path\": \"/v1/*\"")]
    [InlineData("\"path\": \"/v1/*\"", "\"path\": \"/v12\"")]
    [InlineData("\"host\": \"*.a.test\"", "\"host\": \"a.test\"")]
    [InlineData("\"host\": \"b.a.test\"", "\"host\": \"*.a.test\"")]
    [InlineData("\"host\": \"a.test\"", "\"path\": \"/\"")]
    [InlineData("\"methods\": [\"HEAD\"]", "\"methods\": [\"GET\", \"HEAD\"]")]
    [InlineData("\"methods\": [\"HEAD\"]", "")]
    [InlineData("\"headers\": {\"X-A\": \"1\"}", "\"headers\": {\"X-A\": \"*\"}")]
    [InlineData("\"headers\": {\"X-A\": \"1\"}", "\"headers\": {\"X-A\": \"2\"}")]
    public void RouteBehindOneThatLeavesItSomething_IsTaken(string first, string second) =>
        Assert.Equal(2, Good($"{{{first}}},\n{{{second}}}").Count);

    [Fact]
    public void RouteThatIsWrong_HidesNoOther() => Assert.Equal(
        $"path: 'v1' is not {RoutePath.Expected}", Error("{\"path\": \"v1\"}, {\"path\": \"/v2\"}"));

    [Fact]
    public void PoolThatNoRouteLeadsTo_IsAWarning()
    {
        Assert.Equal(
            ["minilb.json:1:54 pools.api: receives no traffic: no route leads to it"], By("{}").Warnings);
        Assert.Empty(By("{\"path\": \"/api/*\", \"pool\": \"api\"}, {}").Warnings);
        Assert.Empty(By("{\"split\": {\"web\": 1, \"api\": 0}}").Warnings);
    }

    private static byte[] Json(string routes) => System.Text.Encoding.UTF8.GetBytes(
        """{"pools": {"web": {"backends": ["http://10.0.0.1"]}, "api": {"backends": ["http://10.0.0.2"]}},"""
        + (routes.Length == 0 ? "}" : "\n\"routes\": [\n" + routes + "]}"));

    private static Configured By(string routes) => Configured.By(Json(routes));

    private static IReadOnlyList<RouteOptions> Good(string routes) => Configured.Good(By(routes)).Routes;

    /// <summary>The only error, from the key on.</summary>
    private static string Error(string routes)
    {
        var error = Assert.Single(By(routes).Errors);
        var start = error.IndexOf(" routes[0].", StringComparison.Ordinal);
        Assert.True(start > 0, error);
        return error[(start + " routes[0].".Length)..];
    }
}
