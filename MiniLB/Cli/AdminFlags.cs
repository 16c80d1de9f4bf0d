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

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_admin);
    }

    /// <returns>The address of the running instance; null where it is wrong or off, which has been said.</returns>
    public ListenAddress? FindAddress(ParseResult parsed, string command)
    {
        // Only the admin address matters here: an otherwise broken configuration is the running instance's affair.
        var errors = new ConfigErrors();
        var address = ConfigLoader.Load(Read(parsed), errors).Admin.Address;
        var wrong = errors.ErrorsOf("admin").ToArray();
        if (wrong.Length > 0)
        {
            Console.Error.WriteLine(string.Join('\n', wrong));
            return null;
        }

        if (address is null)
        {
            Console.Error.WriteLine($"minilb {command}: the admin address is off; say where with --admin");
        }

        return address;
    }

    private ConfigSources Read(ParseResult parsed) => new()
    {
        File = parsed.GetValue(_config),
        Environment = ConfigFlags.ProcessEnvironment(),
        Flags = parsed.GetValue(_admin) is { } address
            ? [new ConfigSetting(["admin", "address"], ConfigNode.Scalar(address, new ConfigOrigin("--admin")))]
            : [],
    };
}
