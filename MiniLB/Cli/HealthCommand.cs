using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>minilb health: asks a running instance whether it is ready; the HEALTHCHECK of an image without a
/// shell.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

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
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(UrlFlag), flags.Read(parsed)));
        return command;
    }

    private static async Task<int> RunAsync(string? url, ConfigSources sources)
    {
        // Only the admin address matters here: an otherwise broken configuration is the running instance's affair.
        var errors = new ConfigErrors();
        var address = ConfigLoader.Load(sources, errors).Admin.Address;
        var wrong = url is null ? errors.ErrorsOf("admin").ToArray() : [];
        if (wrong.Length > 0)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', wrong));
            return ExitCode.Wrong;
        }

        if (url is null && address is null)
        {
            await Console.Error.WriteLineAsync("minilb health: the admin address is off; give --url");
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
            using var client = new HttpClient(Handler(url is null ? address : null)) { Timeout = Limit };
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

    private static SocketsHttpHandler Handler(ListenAddress? address) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = address is null ? null : async (_, cancellationToken) =>
        {
            var endpoint = Reachable(address);
            var socket = new Socket(endpoint.AddressFamily, SocketType.Stream,
                address.IsUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    // An address to listen on everywhere is reached on loopback.
    private static EndPoint Reachable(ListenAddress address) =>
        address is { AnyAddress: true, EndPoint: IPEndPoint any }
            ? new IPEndPoint(IPAddress.Loopback, any.Port)
            : address.EndPoint;
}
