using System.CommandLine;
using System.Net;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Transport;

namespace MiniLB.Cli;

/// <summary>minilb health: asks a running instance whether it is ready; the HEALTHCHECK of an image without a
/// shell.</summary>
internal static class HealthCommand
{
    // Less than the 30 s after which Docker gives up: whoever asks has a limit of his own, and a machine that is slow
    // is no instance that is gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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

        var ready = address?.Trust is null ? "http://localhost/readyz" : "https://localhost/readyz";
        if (!Uri.TryCreate(url ?? ready, UriKind.Absolute, out var target)
            || (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps))
        {
            await Console.Error.WriteLineAsync($"minilb health: '{url}' is not an http or https URL");
            return ExitCode.Wrong;
        }

        var errors = new ConfigErrors();
        var trust = url is null ? address!.Trust : flags.Trust(parsed, new AdminOptions(), errors);
        if (errors.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', errors.Errors));
            return ExitCode.Wrong;
        }

        try
        {
            using var client = AdminClient.Create(address?.Listen, trust);
            client.Timeout = Patience;
            using var response = await client.GetAsync(target);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return ExitCode.Clean;
            }

            await Console.Error.WriteLineAsync($"minilb health: {target} answered {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"minilb health: {BackendTls.Describe(e) ?? (e.InnerException ?? e).Message}");
        }

        return ExitCode.Failed;
    }
}
