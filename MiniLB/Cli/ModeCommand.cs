using System.CommandLine;
using MiniLB.Config;

namespace MiniLB.Cli;

/// <summary>minilb drain, enable and disable: take a backend out of a running instance, and back.</summary>
internal static class ModeCommand
{
    private static readonly Option<string?> WaitFlag = new("--wait")
    {
        Description = "Wait until it has no request in flight and no tunnel, for so long at most, such as 5m",
        HelpName = "TIME",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && !Duration.TryParsePositive(token.Value, out _))
                {
                    result.AddError($"--wait '{token.Value}' is not {Duration.Expected}");
                }
            },
        },
    };

    public static Command CreateDrain()
    {
        var verb = new BackendVerb("drain",
            "Give a backend no new requests but those of its sticky sessions, and let it finish what it has\n\n"
            + "  minilb drain default/10.0.0.1:8080 --wait 5m\n"
            + "  minilb drain http://10.0.0.1:8080 --admin unix:/run/minilb/admin.sock");
        verb.Command.Options.Add(WaitFlag);
        return verb.Does(async (parsed, backend) =>
        {
            await TellAsync(backend, "drain");
            return parsed.GetValue(WaitFlag) is { } wait && Duration.TryParsePositive(wait, out var time)
                ? await DrainWait.RunAsync(backend, wait, time)
                : ExitCode.Clean;
        });
    }

    public static Command CreateEnable() => new BackendVerb("enable",
        "Bring a drained or disabled backend back\n\n"
        + "  minilb enable default/10.0.0.1:8080").Does((_, backend) => TellAsync(backend, "enable"));

    public static Command CreateDisable() => new BackendVerb("disable",
        "Give a backend no new requests at all, and let it finish what it has\n\n"
        + "  minilb disable default/10.0.0.1:8080").Does((_, backend) => TellAsync(backend, "disable"));

    private static async Task<int> TellAsync(RemoteBackend backend, string what)
    {
        var document = await backend.TellAsync(HttpMethod.Post, what);
        Console.WriteLine($"{document.Pool}/{document.Url} is {document.Mode}: {DrainWait.Left(document)}");
        return ExitCode.Clean;
    }
}
