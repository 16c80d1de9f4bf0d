using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Config;

/// <summary>What a pool's backends may be, and what is said where they are not.</summary>
public sealed class BackendListBinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sources_AreRead_WithTheirKeys()
    {
        var pool = Configured.Good(Configured.ByPoolLine("""
            "backends": ["http://a", {"dns": "https://Api.internal", "refresh": "2s", "weight": 3, "backup": true},
              {"srv": "http://_http._tcp.api.internal/", "maxInFlight": 5}]
            """)).Pools[0];

        Assert.Equal("http://a", Assert.Single(pool.Backends).Url);
        Assert.Equal(
            [
                new BackendSource
                {
                    Kind = SourceKind.Dns, Text = "https://Api.internal", Tls = true, Name = "Api.internal", Port = 443,
                    Refresh = TimeSpan.FromSeconds(2), Weight = 3, IsBackup = true,
                },
                new BackendSource
                {
                    Kind = SourceKind.Srv, Text = "http://_http._tcp.api.internal/", Name = "_http._tcp.api.internal",
                    MaxInFlight = 5,
                },
            ],
            pool.Sources);
        Assert.Equal("api.internal", pool.Sources[1].ServerName);
    }

    [Theory]
    [InlineData("{\"dns\": \"10.0.0.1\"}", "[0].dns: '10.0.0.1' is not " + SourceName.ExpectedDns)]
    [InlineData("{\"dns\": \"http://10.0.0.1:80\"}", "[0].dns: 'http://10.0.0.1:80' has an address, which needs no "
        + "look-up; expected a name here, or url in the place of dns")]
    [InlineData("{\"dns\": \"http://[::1]:80\"}", "[0].dns: 'http://[::1]:80' has an address, which needs no "
        + "look-up; expected a name here, or url in the place of dns")]
    [InlineData("{\"dns\": \"http://api:0\"}", "[0].dns: 'http://api:0' is not " + SourceName.ExpectedDns)]
    [InlineData("{\"dns\": \"http://u:p@api\"}", "[0].dns: 'http://(secret)@api' is not " + SourceName.ExpectedDns)]
    [InlineData("{\"dns\": \"http://api/path\"}", "[0].dns: 'http://api/path' is not " + SourceName.ExpectedDns)]
    [InlineData("{\"dns\": \"http://a..b\"}", "[0].dns: 'http://a..b' is not " + SourceName.ExpectedDns)]
    [InlineData("{\"dns\": []}", "[0].dns: expected " + SourceName.ExpectedDns)]
    [InlineData("{\"srv\": \"http://api.internal\"}",
        "[0].srv: 'http://api.internal' is not " + SourceName.ExpectedSrv)]
    [InlineData("{\"srv\": \"http://_http._tcp\"}", "[0].srv: 'http://_http._tcp' is not " + SourceName.ExpectedSrv)]
    [InlineData("{\"srv\": \"http://_http._tcp.api:80\"}",
        "[0].srv: 'http://_http._tcp.api:80' has a port, which SRV records tell; expected " + SourceName.ExpectedSrv)]
    [InlineData("{\"dns\": \"http://api\", \"refresh\": \"99ms\"}",
        "[0].refresh: '99ms' is not a duration of at least 100ms such as 10s")]
    [InlineData("{\"url\": \"http://a\", \"refresh\": \"1s\"}",
        "[0].refresh: goes with dns or srv, which are looked up again and again")]
    [InlineData("{\"url\": \"http://a\", \"dns\": \"http://b\"}",
        "[0].dns: stands beside url; expected one of url, dns, srv, file in each item")]
    [InlineData("{\"dns\": \"http://api\"}, {\"dns\": \"http://api\"}",
        ": 'dns http://api' is listed 2 times; use weight for a larger share")]
    [InlineData("{\"file\": \"b.txt\"}", "[0].file: expected " + BackendFile.ExpectedPath)]
    [InlineData("{\"file\": \"/no/b.yaml\"}", "[0].file: '/no/b.yaml' cannot be read: Could not find a part of the path "
        + "'/no/b.yaml'.")]
    public void WrongItem_IsOneLine_ThatSaysWhatWouldBeTaken(string items, string error)
    {
        var line = Assert.Single(Configured.ByPoolLine($"\"backends\": [{items}]").Errors);

        Assert.EndsWith("pools.web.backends" + error, line, StringComparison.Ordinal);
        Assert.StartsWith("minilb.json:2:", line, StringComparison.Ordinal);
    }

    [Fact]
    public void File_ListsBackends_AndWhatIsListedStandsBeforeIt()
    {
        var file = _folder.Write("b.yaml", """
            - http://a:80
            - { url: "http://b", weight: 3, maxInFlight: 7, backup: true }
            """);
        var other = _folder.Write("b.json", """["http://b", "http://c"]""");

        var options = Configured.Good(Configured.ByPoolLine(
            $$"""
            "backends": [{"file": "{{file}}"}, "http://a", {"file": "{{other}}"}]
            """));

        Assert.Equal(
            [("http://a", null, 1), ("http://b", $"file {file}", 3), ("http://c", $"file {other}", 1)],
            options.Pools[0].Backends.Select(b => (b.Url, b.Source?.Key, b.Weight)));
        Assert.Equal((7, true), (options.Pools[0].Backends[1].MaxInFlight, options.Pools[0].Backends[1].IsBackup));
        Assert.Equal([file, other], options.Files.Select(f => f.Path));
        Assert.DoesNotContain("http://b", EffectiveJsonOf(options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- http://a\n- htp://b", ":2:3 pools.web.backends[0].file[1].url: 'htp://b' is not an http or https URL")]
    [InlineData("- { url: http://a, wait: 3 }", " pools.web.backends[0].file[0].wait: unknown key")]
    [InlineData("- { dns: \"http://a\" }", ":1:5 pools.web.backends[0].file[0].dns: unknown key")]
    [InlineData("- http://a\n- http://a:80", ":1:1 pools.web.backends[0].file: 'a' is listed 2 times")]
    [InlineData("a: [", "not valid YAML")]
    [InlineData("web: [http://a]", ":1:1 pools.web.backends[0].file: expected a list of backends")]
    [InlineData("", "pools.web.backends[0].file: expected a list of backends")]
    public void FileThatIsWrong_SaysWhere(string text, string error)
    {
        var file = _folder.Write("b.yaml", text);

        var errors = Configured.ByPoolLine($$"""
            "backends": [{"file": "{{file}}"}]
            """).Errors;

        Assert.Contains(errors, e => e.StartsWith(file, StringComparison.Ordinal)
            && e.Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void FileOfNone_IsRight_AndSoIsItsPool()
    {
        var file = _folder.Write("b.yaml", "[]");

        Assert.Empty(Configured.Good(Configured.ByPoolLine($$"""
            "backends": [{"file": "{{file}}"}]
            """)).Pools[0].Backends);
    }

    [Theory]
    [InlineData("weight", "2", "goes with url, dns or srv; the items of a file have their own")]
    [InlineData("refresh", "\"1s\"", "goes with dns or srv; a file is read when it changes")]
    public void KeysOfOtherItems_DoNotGoWithAFile(string key, string value, string error)
    {
        var file = _folder.Write("b.yaml", "[]");

        var line = Assert.Single(Configured.ByPoolLine($$"""
            "backends": [{"file": "{{file}}", "{{key}}": {{value}}}]
            """).Errors);

        Assert.EndsWith($"pools.web.backends[0].{key}: {error}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void FileThatIsTooLong_IsNotRead()
    {
        var file = _folder.Write("b.yaml", new string(' ', (4 * 1024 * 1024) + 1));

        Assert.Contains("expected a list of backends of at most", Assert.Single(Configured.ByPoolLine($$"""
            "backends": [{"file": "{{file}}"}]
            """).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void AddressIsTheSame_WhateverNameItWasFoundBy()
    {
        var listed = new BackendAddress(false, "10.0.0.1", 80);

        Assert.Equal(listed, listed with { Name = "api.internal" });
        Assert.Equal(listed.GetHashCode(), (listed with { Name = "api.internal" }).GetHashCode());
        Assert.NotEqual(listed, listed with { Port = 81 });
        Assert.Equal("api.internal", (listed with { Name = "api.internal" }).Authority);
    }

    private static string EffectiveJsonOf(BalancerOptions options) =>
        System.Text.Encoding.UTF8.GetString(EffectiveJson.Write(options.Effective));
}
