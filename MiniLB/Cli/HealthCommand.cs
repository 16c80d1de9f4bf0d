using System.CommandLine;
using System.Net;

namespace MiniLB.Cli;

/// <summary>minilb health: asks a running instance whether it is ready; the HEALTHCHECK of an image without a
/// shell.</summary>
internal static class HealthCommand
{
    private static readonly Option<string?> UrlFlag = new("--url")
    {
        Description = "Ask this URL [default: /readyz of the admin address that flags, environment and file give]",
        HelpName = "URL",
    };

    public static Command Create()
    {
        var flags = new AdminFlags();
        var command = new Command("health", "Exit with 0 when the running instance is ready, else with 1") { UrlFlag };
        flags.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(UrlFlag), flags, parsed));
        return command;
    }

    private static async Task<int> RunAsync(string? url, AdminFlags flags, ParseResult parsed)
    {
        var address = url is null ? flags.FindAddress(parsed, "health") : null;
        if (url is null && address is null)
        {
            return ExitCode.Wrong;
        }

        if (!Uri.TryCreate(url ?? "http://localhost/readyz", UriKind.Absolute, out var target)
            || target.Scheme != Uri.UriSchemeHttp)
        {
            await Console.Error.WriteLineAsync($"minilb health: '{url}' is not an http URL");
            return ExitCode.Wrong;
        }

        try
        {
            using var client = AdminClient.Create(address?.Listen);
            using var response = await client.GetAsync(target);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return ExitCode.Clean;
            }

            await Console.Error.WriteLineAsync($"minilb health: {target} answered {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"minilb health: {(e.InnerException ?? e).Message}");
        }

        return ExitCode.Failed;
    }
}
