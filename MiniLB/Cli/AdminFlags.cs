using System.CommandLine;
using MiniLB.Config;

namespace MiniLB.Cli;

/// <summary>The flags of commands that speak to a running instance.</summary>
internal sealed class AdminFlags
{
    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "Take the admin address from this file",
        HelpName = "FILE",
    };

    private readonly Option<string?> _admin = new("--admin")
    {
        Description = "The admin address of the instance: host:port or unix:/path [default: 127.0.0.1:9901]",
        HelpName = "ADDR",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "Take the token of the instance from this file [default: MINILB_ADMIN__TOKEN]",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_admin);
        command.Options.Add(_tokenFile);
    }

    /// <returns>Where the running instance is, and its token; null where something is wrong with them or the address is
    /// off, which has been said.</returns>
    public AdminAddress? FindAddress(ParseResult parsed, string command)
    {
        // Only the admin address matters here: an otherwise broken configuration is the running instance's affair.
        var errors = new ConfigErrors();
        if (Read(parsed, command) is not { } sources)
        {
            return null;
        }

        var admin = ConfigLoader.Load(sources, errors).Admin;
        var wrong = errors.ErrorsOf("admin").ToArray();
        if (wrong.Length > 0)
        {
            Console.Error.WriteLine(string.Join('\n', wrong));
            return null;
        }

        if (admin.Address is not { } address)
        {
            Console.Error.WriteLine($"minilb {command}: the admin address is off; say where with --admin");
            return null;
        }

        return new AdminAddress(address, admin.Token);
    }

    /// <returns>Null where the token cannot be read, which has been said.</returns>
    private ConfigSources? Read(ParseResult parsed, string command)
    {
        var flags = new List<ConfigSetting>();
        if (parsed.GetValue(_admin) is { } address)
        {
            flags.Add(new(["admin", "address"], ConfigNode.Scalar(address, new ConfigOrigin("--admin"))));
        }

        try
        {
            // A flag and not the token itself: what stands on a command line is seen by everybody on the machine.
            if (parsed.GetValue(_tokenFile) is { } file)
            {
                var token = File.ReadAllText(file).TrimEnd('\r', '\n');
                flags.Add(new(["admin", "token"], ConfigNode.Scalar(token, new ConfigOrigin(file))));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"minilb {command}: --token-file: {e.Message}");
            return null;
        }

        return new ConfigSources
        {
            File = parsed.GetValue(_config),
            Environment = ConfigFlags.ProcessEnvironment(),
            Flags = flags,
        };
    }
}

/// <summary>Where an instance listens to operators, and the token that it asks them for; null for none.</summary>
internal sealed record AdminAddress(ListenAddress Listen, string? Token);
