using System.Text.RegularExpressions;
using MiniLB.Tests.Certificates;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Tls;

/// <summary>The admin address speaks TLS, and the commands know the instance by its certificate.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "disposed of by xunit")]
public sealed partial class AdminTlsJourney : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private RunningProgram? _program;

    public async Task InitializeAsync()
    {
        var certificate = _authority.Issue("CN=admin", ["localhost", "127.0.0.1"]);
        _folder.Write("ca.pem", _authority.Pem);
        var client = _authority.Issue("CN=operator", [], use: TestAuthority.ClientUse);
        _folder.Write("client.pem", client.Pem);
        _folder.Write("client.key", client.Key);
        _folder.Write("admin.pem", certificate.Pem);
        _folder.Write("admin.key", certificate.Key);
        _program = RunningProgram.Start("--config", Configured("127.0.0.1:0"));
        await _program.WaitUntilServingAsync();
        Configured($"127.0.0.1:{_program.AdminUrl.Port}"); // for the commands: the port is known now
    }

    public async Task DisposeAsync()
    {
        await _program!.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void StartLine_SaysHttps() => Assert.Equal("https", _program!.AdminUrl.Scheme);

    [Theory]
    [InlineData("status --config CONFIG", 0)]
    [InlineData("health --config CONFIG", 0)]
    [InlineData("health --admin ADDRESS --ca CA", 0)]
    [InlineData("health --url https://localhost:PORT/readyz --ca CA", 0)]
    [InlineData("health --config CONFIG --certificate CLIENT.pem --key CLIENT.key", 0)] // shown if it is asked for
    [InlineData("health --config CONFIG --certificate CLIENT.pem", 2)]
    [InlineData("drain web/127.0.0.1:1 --config CONFIG", 0)]
    [InlineData("check --diff --config CONFIG", 0)]
    [InlineData("health --admin ADDRESS --ca OTHER", 1)] // vouched for by somebody else
    [InlineData("health --url https://localhost:PORT/readyz", 1)]
    [InlineData("status --admin ADDRESS", 2)] // without TLS
    [InlineData("health --admin ADDRESS --ca /nowhere.pem", 2)]
    public async Task Command_ReachesTheInstanceItTrusts(string command, int exit)
    {
        using var other = new TestAuthority("other");
        _folder.Write("other.pem", other.Pem);

        var ran = await RunningProgram.RunAsync(
            [.. command.Split(' ').Select(w => Placeholder().Replace(w, Filled))]);

        Assert.True(exit == ran.ExitCode, $"{ran.ExitCode}: {ran.Output}{ran.Errors}");
        Assert.Equal(exit != 0, ran.Errors.Length > 0);
    }

    // In one pass: the name of a folder may hold "CA".
    [GeneratedRegex("[A-Z]{2,}")]
    private static partial Regex Placeholder();

    private string Filled(Match placeholder) => placeholder.Value switch
    {
        "CONFIG" => _folder.File("minilb.json"),
        "ADDRESS" => $"127.0.0.1:{_program!.AdminUrl.Port}",
        "PORT" => $"{_program!.AdminUrl.Port}",
        "CLIENT" => _folder.File("client"),
        "CA" => _folder.File("ca.pem"),
        "OTHER" => _folder.File("other.pem"),
        var unknown => throw new ArgumentException(unknown, nameof(placeholder)),
    };

    private string Configured(string admin) => _folder.Write("minilb.json", $$"""
        {
          "listeners": [{ "address": "127.0.0.1:0" }],
          "admin": { "address": "{{admin}}", "tls": { "certificates": [
            { "certificate": "{{_folder.File("admin.pem")}}", "key": "{{_folder.File("admin.key")}}" }],
            "clientCertificates": "optional", "clientCa": "{{_folder.File("ca.pem")}}" } },
          "pools": { "web": { "backends": ["http://127.0.0.1:1"], "healthCheck": { "interval": "1h" } } }
        }
        """);
}
