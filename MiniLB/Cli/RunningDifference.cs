using System.Net;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>What a configuration would change in the running instance.</summary>
internal static class RunningDifference
{
    /// <returns>0 where the instance answered, whatever it has.</returns>
    public static async Task<int> WriteAsync(BalancerOptions options)
    {
        if (options.Admin.Address is not { } address)
        {
            await Console.Error.WriteLineAsync("minilb check: the admin address is off; say where with --admin");
            return ExitCode.Wrong;
        }

        try
        {
            using var client = new AdminClient(new AdminAddress(
                address, options.Admin.Token, AdminTrust.Of(options.Admin)));
            // Secrets are blanked there, and so here: nobody can tell whether they differ.
            var lines = ConfigDifferences.Between(await AskAsync(client), options.Effective.Blanked());
            Console.WriteLine(lines.Count == 0 ? "no difference" : string.Join('\n', lines));
            return ExitCode.Clean;
        }
        catch (AdminCallException e)
        {
            await Console.Error.WriteLineAsync($"minilb check: {e.Message}");
            return e.ExitCode;
        }
    }

    private static async Task<EffectiveConfig> AskAsync(AdminClient client)
    {
        var reply = await client.GetAsync("/config");
        return reply.Status == HttpStatusCode.OK
            && new JsonConfigReader().Read(reply.Body, "running", new ConfigErrors()) is { Kind: ConfigKind.Map } root
            ? new EffectiveConfig(root)
            : throw new AdminCallException(ExitCode.Failed,
                $"what answered ({(int)reply.Status}) is no instance of MiniLB that tells its configuration");
    }
}
