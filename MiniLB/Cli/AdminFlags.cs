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
        Description = "The admin address of the instance [default: 127.0.0.1:9901]",
        HelpName = "ADDR",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_admin);
    }

    public ConfigSources Read(ParseResult parsed) => new()
    {
        File = parsed.GetValue(_config),
        Environment = ConfigFlags.ProcessEnvironment(),
        Flags = parsed.GetValue(_admin) is { } address
            ? [new ConfigSetting(["admin", "address"], ConfigNode.Scalar(address, new ConfigOrigin("--admin")))]
            : [],
    };
}
