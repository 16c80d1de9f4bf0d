using System.CommandLine;
using MiniLB.Admin;
using MiniLB.BackgroundLoops.Upgrade;

namespace MiniLB.Cli;

/// <summary>minilb upgrade: has a running instance replace itself by a new process.</summary>
internal static class UpgradeCommand
{
    public static Command Create()
    {
        var flags = new AdminFlags();
        var command = new Command("upgrade",
            "Have a running instance start the file at its path anew and hand it the listening sockets; no request is\n"
            + "lost, and if the new process does not serve, the running one goes on\n\n"
            + "  minilb upgrade --admin unix:/run/minilb/admin.sock");
        flags.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(flags, parsed));
        return command;
    }

    private static async Task<int> RunAsync(AdminFlags flags, ParseResult parsed)
    {
        if (flags.FindAddress(parsed, "upgrade") is not { } address)
        {
            return ExitCode.Wrong;
        }

        try
        {
            // The instance itself gives up first, and says so.
            using var client = new AdminClient(address, Upgrader.Deadline + TimeSpan.FromSeconds(10));
            var document = RemoteBackend.Read(
                await client.SendAsync(HttpMethod.Post, "/upgrade", []), UpgradeJson.Default.UpgradeDocument);
            Console.WriteLine($"process {document.Process} serves; process {document.Replaced} finishes what it has");
            return ExitCode.Clean;
        }
        catch (AdminCallException e)
        {
            await Console.Error.WriteLineAsync($"minilb upgrade: {e.Message}");
            return e.ExitCode;
        }
    }
}
