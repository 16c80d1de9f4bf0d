using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys;

/// <summary>The commands that speak to a running instance say what is wrong, and their exit codes say whose fault it
/// is.</summary>
public sealed class CommandJourney(CommandJourney.Rig rig) : IClassFixture<CommandJourney.Rig>
{
    [Theory]
    [InlineData("drain")]
    [InlineData("drain", "a/b", "c/d")]
    [InlineData("drain", "/x")]
    [InlineData("drain", "web/")]
    [InlineData("drain", "web/backend-a:1", "--wait")]
    [InlineData("drain", "web/backend-a:1", "--wait", "soon")]
    [InlineData("drain", "web/backend-a:1", "--wait", "0")]
    [InlineData("enable", "web/backend-a:1", "--wait", "1s")]
    [InlineData("weight", "web/backend-a:1")]
    [InlineData("weight", "web/backend-a:1", "0")]
    [InlineData("weight", "web/backend-a:1", "257")]
    [InlineData("weight", "web/backend-a:1", "many")]
    [InlineData("disable", "web/nobody:1")]
    [InlineData("enable", "shop/backend-a:1")]
    [InlineData("drain", "backend-a:1")] // in which of the two pools?
    public async Task WrongArguments_AreExplainedAndExitWithTwo(params string[] arguments)
    {
        var (code, output, errors) = await AdminOf.RunAsync(rig.Program, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.NotEmpty(errors);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("disable", "web/nobody:1", "minilb disable: Pool 'web' has no backend 'nobody:1', "
        + "only http://backend-a:1, http://backend-b:1")]
    [InlineData("drain", "shop/x:1", "minilb drain: There is no pool 'shop', only web, api")]
    [InlineData("enable", "x:1", "minilb enable: there are several pools, web, api: say POOL/x:1")]
    public async Task UnknownBackend_IsToldWhatThereIs(string verb, string name, string message)
    {
        var (_, _, errors) = await AdminOf.RunAsync(rig.Program, verb, name);

        Assert.Equal(message + "\n", errors);
    }

    [Theory]
    [InlineData("drain", "web/backend-b:1")]
    [InlineData("weight", "web/backend-b:1", "2")]
    public async Task NobodyAtTheAddress_IsSaidWithTheAddress(params string[] arguments)
    {
        var address = new Uri(FailoverJourney.DeadUrl()).Authority;

        await using var command = await RunningProgram.RunAsync([.. arguments, "--admin", address]);

        Assert.Equal(1, command.ExitCode);
        Assert.StartsWith(
            $"minilb {arguments[0]}: nobody answers at {address}: ", command.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SomebodyElseAtTheAddress_IsNoInstance()
    {
        await using var other = await TestBackend.StartAsync("hello");

        await using var command = await RunningProgram.RunAsync(
            "drain", "a/b", "--admin", $"127.0.0.1:{other.Port}");

        Assert.Equal(1, command.ExitCode);
        Assert.Contains("is no instance of MiniLB", command.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_ReachAnInstanceThroughAUnixSocketAndSayWhatIsNow()
    {
        using var folder = new TemporaryFolder();
        var admin = $"unix:{folder.File("admin.sock")}";
        await using var program = RunningProgram.Start(
            "--listen", "127.0.0.1:0", "--admin", admin, "--backend", "http://127.0.0.1:1");
        await program.WaitUntilServingAsync();

        Assert.Equal(
            "default/http://127.0.0.1:1 is disabled: 0 requests in flight, 0 tunnels\n",
            await SaysAsync("disable", "127.0.0.1:1"));
        Assert.Equal(
            "default/http://127.0.0.1:1 is enabled: 0 requests in flight, 0 tunnels\n",
            await SaysAsync("enable", "http://127.0.0.1:1"));
        Assert.Equal(
            "default/http://127.0.0.1:1 has weight 9\n", await SaysAsync("weight", "default/127.0.0.1:1", "009"));
        await program.SaysAsync("pool default: backend http://127.0.0.1:1 has weight 9 now; asked for by unix:");

        async Task<string> SaysAsync(params string[] arguments)
        {
            await using var command = await RunningProgram.RunAsync([.. arguments, "--admin", admin]);
            Assert.Equal((0, ""), (command.ExitCode, command.Errors));
            return command.Output;
        }
    }

    [Fact]
    public async Task Help_ListsTheVerbsAndShowsExamples()
    {
        await using var help = await RunningProgram.RunAsync("--help");
        await using var drain = await RunningProgram.RunAsync("drain", "--help");

        Assert.All(
            ["drain", "enable", "disable", "weight"],
            verb => Assert.Contains($"  {verb} ", help.Output, StringComparison.Ordinal));
        Assert.Contains("minilb drain default/10.0.0.1:8080 --wait 5m", drain.Output, StringComparison.Ordinal);
    }

    /// <summary>An instance with two pools of backends that do not exist.</summary>
    public sealed class Rig : IAsyncLifetime
    {
        internal RunningProgram Program { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            using var folder = new TemporaryFolder(); // read at the start alone
            Program = await RunningProgram.BalanceAsync("--config", folder.Write("minilb.json", """
                {
                  "pools": {
                    "web": {
                      "backends": ["http://backend-a:1", "http://backend-b:1"], "healthCheck": { "enabled": false }
                    },
                    "api": { "backends": ["http://backend-a:1"], "healthCheck": { "enabled": false } }
                  }
                }
                """));
        }

        public async Task DisposeAsync() => await Program.DisposeAsync();
    }
}
