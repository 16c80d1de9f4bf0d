using System.CommandLine;
using System.Net;
using System.Text.Json;
using MiniLB.Admin;

namespace MiniLB.Cli;

/// <summary>minilb reload: has a running instance read its configuration again.</summary>
internal static class ReloadCommand
{
    public static Command Create()
    {
        var flags = new AdminFlags();
        var command = new Command("reload",
            "Have a running instance read its configuration again, and show what has changed; a configuration with an\n"
            + "error changes nothing\n\n"
            + "  minilb reload --admin unix:/run/minilb/admin.sock");
        flags.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(flags, parsed));
        return command;
    }

    private static async Task<int> RunAsync(AdminFlags flags, ParseResult parsed)
    {
        if (flags.FindAddress(parsed, "reload") is not { } address)
        {
            return ExitCode.Wrong;
        }

        try
        {
            using var client = new AdminClient(address);
            return Tell(await client.SendAsync(HttpMethod.Post, "/reload", []));
        }
        catch (AdminCallException e)
        {
            await Console.Error.WriteLineAsync($"minilb reload: {e.Message}");
            return e.ExitCode;
        }
    }

    private static int Tell(AdminReply reply)
    {
        var document = reply.Status is HttpStatusCode.OK or HttpStatusCode.UnprocessableEntity
            ? JsonSerializer.Deserialize(reply.Body, ReloadJson.Default.ReloadDocument)!
            : throw new AdminCallException(ExitCode.Failed, $"the instance answered {(int)reply.Status}");
        foreach (var error in document.Errors)
        {
            Console.Error.WriteLine(error);
        }

        foreach (var change in document.Changes)
        {
            Console.WriteLine(change);
        }

        foreach (var key in document.AtNextStart)
        {
            Console.WriteLine($"{key} takes effect at the next start");
        }

        if (document is { Errors.Count: 0, Changes.Count: 0 })
        {
            Console.WriteLine("nothing has changed");
        }

        return document.Errors.Count == 0 ? ExitCode.Clean : ExitCode.Wrong;
    }
}
