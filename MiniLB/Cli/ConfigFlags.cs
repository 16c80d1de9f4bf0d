using System.Collections;
using System.CommandLine;
using MiniLB.Config;

namespace MiniLB.Cli;

/// <summary>The flags that configure, and how they become settings.</summary>
internal sealed class ConfigFlags
{
    private static readonly string[] Sources = ["dns", "srv", "file"];

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "Read this file, .yaml or .json [default: minilb.yaml or minilb.json in /etc/minilb]",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _listen = new("--listen", "-l")
    {
        Description = "Serve clients here: host:port, :port or unix:/path; may repeat [default: :8080]",
        HelpName = "ADDR",
    };

    private readonly Option<string[]> _backend = new("--backend", "-b")
    {
        Description = "Balance over this server, or all that are found at dns:URL, srv:URL or file:PATH; may repeat; "
            + "options follow a comma: http://10.0.0.1:8080,weight=3,backup",
        HelpName = "URL",
    };

    private readonly Option<string?> _strategy = new("--strategy")
    {
        Description = "How a backend is picked: roundRobin, leastConnections, ipHash, consistentHash, random, "
            + "powerOfTwo or peakEwma [default: roundRobin]",
        HelpName = "NAME",
    };

    private readonly Option<string?> _admin = new("--admin")
    {
        Description = "Serve operators here: host:port, unix:/path or off; needs admin.token where other "
            + "machines reach it [default: 127.0.0.1:9901]",
        HelpName = "ADDR",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set any key of the configuration, such as pools.default.healthCheck.path=/healthz; may repeat",
        HelpName = "KEY=VALUE",
        Validators =
        {
            result =>
            {
                if (result.Tokens.FirstOrDefault(t => t.Value.IndexOf('=', StringComparison.Ordinal) < 1) is { } token)
                {
                    result.AddError($"--set '{token.Value}' is not KEY=VALUE, such as shutdown.grace=10s");
                }
            },
        },
    };

    public void AddTo(Command command)
    {
        Option[] options = [_config, _listen, _backend, _strategy, _admin, _set];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }
    }

    public ConfigSources Read(ParseResult parsed)
    {
        var settings = new List<ConfigSetting>();
        foreach (var setting in parsed.GetValue(_set) ?? [])
        {
            settings.Add(KeyAndValue(setting));
        }

        AddList(settings, parsed.GetValue(_listen), ["listeners"], Listener);
        AddList(settings, parsed.GetValue(_backend), ["pools", ConfigSetting.FirstPool, "backends"], Backend);
        AddValue(settings, parsed.GetValue(_strategy), ["pools", ConfigSetting.FirstPool, "strategy"], "--strategy");
        AddValue(settings, parsed.GetValue(_admin), ["admin", "address"], "--admin");
        return new ConfigSources
        {
            File = parsed.GetValue(_config),
            Flags = settings,
            Environment = ProcessEnvironment(),
        };
    }

    internal static Dictionary<string, string> ProcessEnvironment() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "");

    private static void AddValue(List<ConfigSetting> settings, string? value, string[] path, string flag)
    {
        if (value is not null)
        {
            settings.Add(new ConfigSetting(path, ConfigNode.Scalar(value, new ConfigOrigin(flag))));
        }
    }

    private static void AddList(
        List<ConfigSetting> settings, string[]? values, string[] path, Func<string, ConfigNode> item)
    {
        if (values is [var first, ..])
        {
            var list = ConfigNode.List(item(first).Origin);
            list.Items.AddRange(values.Select(item));
            settings.Add(new ConfigSetting(path, list));
        }
    }

    private static ConfigNode Listener(string address)
    {
        var origin = new ConfigOrigin("--listen");
        var listener = ConfigNode.Map(origin);
        listener.Set(["address"], ConfigNode.Scalar(address, origin), anyCase: false);
        return listener;
    }

    // URL[,KEY=VALUE]..., or a source in the place of the URL; a key alone means true.
    private static ConfigNode Backend(string text)
    {
        var origin = new ConfigOrigin("--backend");
        var parts = text.Split(',');
        var backend = ConfigNode.Map(origin);
        var source = Array.Find(Sources, s => parts[0].StartsWith(s + ":", StringComparison.Ordinal));
        backend.Set(
            [source ?? "url"], ConfigNode.Scalar(source is null ? parts[0] : parts[0][(source.Length + 1)..], origin),
            anyCase: false);
        foreach (var option in parts.Skip(1))
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? (option, "true") : (option[..equals], option[(equals + 1)..]);
            backend.Set([key], ConfigNode.Scalar(value, origin), anyCase: false);
        }

        return backend;
    }

    private static ConfigSetting KeyAndValue(string text)
    {
        var origin = new ConfigOrigin("--set");
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (key, value) = (text[..equals], text[(equals + 1)..]);
        // Both spellings of a list position: backends.0 as in the environment, backends[0] as in an error line.
        var path = key.Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal)
            .Split('.');
        return new ConfigSetting(path, ConfigNode.Scalar(value is "" or "null" ? null : value, origin));
    }
}
