using System.CommandLine;
using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>The flags of commands that speak to a running instance.</summary>
internal sealed class AdminFlags
{
    private const string CaFlag = "--ca";
    private const string CertificateFlag = "--certificate";
    private const string KeyFlag = "--key";

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

    private readonly Option<string?> _ca = new(CaFlag)
    {
        Description = "Speak TLS to the instance, which the authorities in this PEM file vouch for",
        HelpName = "FILE",
    };

    private readonly Option<string?> _certificate = new(CertificateFlag)
    {
        Description = "Show the instance this certificate (a PEM file); goes together with --key",
        HelpName = "FILE",
    };

    private readonly Option<string?> _key = new(KeyFlag)
    {
        Description = "The private key of --certificate (a PEM file)",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_admin);
        command.Options.Add(_tokenFile);
        command.Options.Add(_ca);
        command.Options.Add(_certificate);
        command.Options.Add(_key);
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
        var trust = Trust(parsed, admin, errors);
        var wrong = ((string[])["admin", CaFlag, CertificateFlag, KeyFlag]).SelectMany(errors.ErrorsOf)
            .Distinct().ToArray();
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

        return new AdminAddress(address, admin.Token, trust);
    }

    /// <returns>Null where the instance is spoken to without TLS.</returns>
    public AdminTrust? Trust(ParseResult parsed, AdminOptions admin, ConfigErrors errors)
    {
        var flags = ConfigNode.Map(new ConfigOrigin("command line"));
        foreach (var option in (Option<string?>[])[_ca, _certificate, _key])
        {
            if (parsed.GetValue(option) is { } file)
            {
                flags.Set(
                    [option.Name], ConfigNode.Scalar(file, new ConfigOrigin("command line")), anyCase: false);
            }
        }

        if (flags.Members.Count == 0)
        {
            return AdminTrust.Of(admin);
        }

        var section = new ConfigSection(flags, "", errors);
        return new AdminTrust(admin.Tls?.Certificates.All ?? [], PemFiles.Authorities(section, CaFlag))
        {
            Shown = PemFiles.Certificate(section, CertificateFlag, KeyFlag),
        };
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

        var named = parsed.GetValue(_config);
        var instance = named is null && parsed.GetValue(_admin) is null ? FirstProcess.Sources() : null;
        return new ConfigSources
        {
            File = named ?? instance?.File,
            Environment = ConfigFlags.ProcessEnvironment(),
            Flags = [.. instance?.Flags ?? [], .. flags],
        };
    }
}

/// <summary>Where an instance listens to operators, and how they speak to it.</summary>
/// <param name="Listen">Where.</param>
/// <param name="Token">The token that it asks for; null for none.</param>
/// <param name="Trust">By what it is known over TLS; null without TLS.</param>
internal sealed record AdminAddress(ListenAddress Listen, string? Token, AdminTrust? Trust);
