using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Tests.Config;

public sealed class ConfigLoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("minilb-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true, true, true, 1)]
    [InlineData(false, true, true, 2)]
    [InlineData(false, false, true, 3)]
    [InlineData(false, false, false, 60)]
    [InlineData(true, false, true, 1)]
    [InlineData(true, true, false, 1)]
    [InlineData(false, true, false, 2)]
    public void Value_GivenSeveralTimes_IsTakenFromFlagThenEnvironmentThenFileThenDefault(
        bool flag, bool environment, bool file, int seconds)
    {
        var timeouts = file ? ", \"timeouts\": {\"idle\": \"3s\"}" : "";
        var sources = new ConfigSources
        {
            File = Write("minilb.json", "{\"pools\": {\"web\": {\"backends\": [\"http://a\"]}}" + timeouts + "}"),
            Environment = environment
                ? new Dictionary<string, string> { ["MINILB_TIMEOUTS__IDLE"] = "2s" }
                : new Dictionary<string, string>(),
            Flags = flag ? [Setting("1s", "timeouts", "idle")] : [],
        };

        Assert.Equal(TimeSpan.FromSeconds(seconds), Good(sources).Timeouts.Idle);
    }

    [Fact]
    public void FirstPoolOfAFlag_IsTheFilesFirst()
    {
        var file = Write("minilb.json", """
            {"pools": {"web": {"backends": ["http://a"]}, "api": {"backends": ["http://b"]}}}
            """);

        var options = Good(new ConfigSources { File = file, Flags = [Backends("http://flag")] });

        Assert.Equal(["http://flag", "http://b"], options.Pools.Select(p => p.Backends.Single().Url));
    }

    [Fact]
    public void FirstPoolOfAFlag_WithoutAFile_IsDefault()
    {
        var options = Good(new ConfigSources { File = Write("minilb.json", "{}"), Flags = [Backends("http://flag")] });

        Assert.Equal("default", options.Pools.Single().Name);
    }

    [Fact]
    public void List_GivenByAFlag_ReplacesTheFilesList()
    {
        var file = Write("minilb.json", """{"pools": {"web": {"backends": ["http://a", "http://b"]}}}""");

        var options = Good(new ConfigSources { File = file, Flags = [Backends("http://flag")] });

        Assert.Equal(["http://flag"], options.Pools.Single().Backends.Select(b => b.Url));
    }

    [Fact]
    public void SchemaForTheEditor_IsNoKeyOfOurs()
    {
        var file = Write("minilb.json", """{"$schema": "minilb.schema.json", "pools": {"web": {"backends": ["http://a"]}}}""");

        Assert.Equal("web", Good(new ConfigSources { File = file }).Pools.Single().Name);
    }

    [Fact]
    public void Errors_OfEverySource_AreReportedAtOnce()
    {
        var file = Write("minilb.json", "{\"timeouts\": {\"read\": \"x\"},\n\"pols\": {}}");

        var errors = Load(new ConfigSources
        {
            File = file,
            Environment = new Dictionary<string, string> { ["MINILB_LOG__LEVEL"] = "loud" },
            Flags = [Setting("y", "timeouts", "idle"), Setting("z", "pools", "web", "backends", "0")],
        });

        Assert.Equal(
        [
            $"--set pools.web.backends[0].url: 'z' is not an http or https URL",
            $"{file}:1:23 timeouts.read: 'x' is not a duration such as 250ms, 10s, 5m or 1h",
            "--set timeouts.idle: 'y' is not a duration such as 250ms, 10s, 5m or 1h",
            "MINILB_LOG__LEVEL log.level: 'loud' is not one of debug, information, warning, error",
            $"{file}:2:1 pols: unknown key; did you mean 'pools'?",
        ], errors);
    }

    [Fact]
    public void File_ThatIsNotThere_IsAnErrorThatNamesIt()
    {
        var file = Path.Combine(_folder, "none.json");

        Assert.StartsWith($"{file}: cannot be read: ",
            Load(new ConfigSources { File = file })[0], StringComparison.Ordinal);
    }

    [Fact]
    public void File_ThatIsAFolder_IsAnErrorAndNoException()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "folder.json")).FullName;

        Assert.StartsWith($"{folder}: cannot be read: ",
            Load(new ConfigSources { File = folder })[0], StringComparison.Ordinal);
    }

    [Fact]
    public void File_OfAnotherKind_IsAnErrorThatNamesIt()
    {
        var file = Write("minilb.toml", "");

        Assert.StartsWith($"{file}: the name of a configuration file must end in .json, .yaml or .yml",
            Load(new ConfigSources { File = file })[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("named.yml", "named.yml")]
    [InlineData(null, "minilb.yaml", "minilb.yaml")]
    [InlineData(null, "minilb.json", "minilb.json")]
    public void File_IsTheNamedOne_ElseTheOnlyOneOfTheDefaultFolder(string? named, string read, params string[] names)
    {
        foreach (var name in names.Append(read))
        {
            Write(name, "{\"pools\": {\"" + name + "\": {\"backends\": [\"http://a\"]}}}");
        }

        var options = Good(new ConfigSources
        {
            File = named is null ? null : Path.Combine(_folder, named),
            DefaultFolder = _folder,
        });

        Assert.Equal(read, options.Pools.Single().Name);
    }

    [Fact]
    public void DefaultFiles_OfBothKinds_AreAnErrorThatNamesBoth() => Assert.Equal(
        [$"{Write("minilb.yaml", "")}: and {Write("minilb.json", "")} both exist; say which one with --config"],
        Load(new ConfigSources { DefaultFolder = _folder }));

    [Fact]
    public void Overlay_WorksOnYaml_AsOnJson()
    {
        var file = Write("minilb.yaml", "pools:\n  web: {backends: [http://a, http://b]}\ntimeouts:\n");

        var options = Good(new ConfigSources
        {
            File = file,
            Environment = new Dictionary<string, string> { ["MINILB_POOLS__WEB__BACKENDS__1__WEIGHT"] = "3" },
            Flags = [Setting("1s", "timeouts", "idle"), Setting("http://b", "pools", "web", "backends", "1", "url")],
        });

        Assert.Equal((3, TimeSpan.FromSeconds(1)), (options.Pools[0].Backends[1].Weight, options.Timeouts.Idle));
    }

    [Fact]
    public void File_ThatIsNoJson_IsOneErrorWithoutErrorsThatOnlyFollowFromIt()
    {
        var file = Write("minilb.json", "{\"pools\": ");

        Assert.StartsWith($"{file}:1:11: not valid JSON: ",
            Assert.Single(Load(new ConfigSources { File = file })), StringComparison.Ordinal);
    }

    private static BalancerOptions Good(ConfigSources sources)
    {
        var errors = new ConfigErrors();
        var options = ConfigLoader.Load(sources, errors);
        Assert.Empty(errors.Errors);
        return options;
    }

    private static IReadOnlyList<string> Load(ConfigSources sources)
    {
        var errors = new ConfigErrors();
        ConfigLoader.Load(sources, errors);
        return errors.Errors;
    }

    private static ConfigSetting Setting(string value, params string[] path) =>
        new(path, ConfigNode.Scalar(value, new ConfigOrigin("--set")));

    private static ConfigSetting Backends(string url)
    {
        var list = ConfigNode.List(new ConfigOrigin("--backend"));
        list.Items.Add(ConfigNode.Scalar(url, new ConfigOrigin("--backend")));
        return new ConfigSetting(["pools", ConfigSetting.FirstPool, "backends"], list);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
