using System.CommandLine;

namespace MiniLB.Cli;

/// <summary>What the commands that change one backend of a running instance have in common.</summary>
internal sealed class BackendVerb
{
    private readonly AdminFlags _flags = new();
    private readonly Argument<string> _name = new("POOL/BACKEND")
    {
        Description = "The backend's pool, and its host:port or URL; POOL/ may be left out where there is one pool",
        Validators =
        {
            result =>
            {
                if (BackendName.Parse(result.Tokens.Count == 0 ? "" : result.Tokens[0].Value) is null)
                {
                    result.AddError("a backend is named POOL/BACKEND, such as default/10.0.0.1:8080");
                }
            },
        },
    };

    /// <param name="verb">What the operator says.</param>
    /// <param name="description">What it does, with examples.</param>
    public BackendVerb(string verb, string description)
    {
        Command = new Command(verb, description) { _name };
    }

    public Command Command { get; }

    /// <summary>Adds the flags and says what is done; what else the command takes has been added before.</summary>
    public Command Does(Func<ParseResult, RemoteBackend, Task<int>> act)
    {
        _flags.AddTo(Command);
        Command.SetAction((parsed, _) => RunAsync(parsed, act));
        return Command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Func<ParseResult, RemoteBackend, Task<int>> act)
    {
        if (_flags.FindAddress(parsed, Command.Name) is not { } address)
        {
            return ExitCode.Wrong;
        }

        try
        {
            using var client = new AdminClient(address);
            var name = BackendName.Parse(parsed.GetValue(_name)!)!;
            return await act(parsed, await RemoteBackend.FindAsync(client, name));
        }
        catch (AdminCallException e)
        {
            await Console.Error.WriteLineAsync($"minilb {Command.Name}: {e.Message}");
            return e.ExitCode;
        }
    }
}
