using System.CommandLine;
using System.Net;
using MiniLB.BackgroundLoops.Reload;
using MiniLB.BackgroundLoops.Shutdown;
using MiniLB.Config;
using MiniLB.Demo;
using MiniLB.Transport;

namespace MiniLB.Cli;

/// <summary>minilb demo: sample backends in the process, a balancer in front of them, and what to try.</summary>
internal static class DemoCommand
{
    private static readonly Option<string> ListenFlag = new("--listen", "-l")
    {
        Description = "Serve here",
        HelpName = "ADDR",
        DefaultValueFactory = _ => "127.0.0.1:8080",
    };

    private static readonly Option<string> AdminFlag = new("--admin")
    {
        Description = "The admin address",
        HelpName = "ADDR",
        DefaultValueFactory = _ => "127.0.0.1:9901",
    };

    public static Command Create()
    {
        var command = new Command("demo", "Balance over three sample backends in this process")
        {
            ListenFlag, AdminFlag,
        };
        TransportFlag.AddTo(command);
        command.SetAction((parsed, _) =>
        {
            OpenFileLimit.Raise();
            TransportFlag.Apply(parsed);
            return RunAsync(parsed.GetValue(ListenFlag)!, parsed.GetValue(AdminFlag)!);
        });
        return command;
    }

    private static async Task<int> RunAsync(string listen, string admin)
    {
        await using var backends = new SampleBackends();
        backends.Start();
        var sources = new ConfigSources
        {
            ReadsFile = false,
            Flags =
            [
                Setting("--listen", listen, "listeners", "0", "address"),
                Setting("--admin", admin, "admin", "address"),
                .. backends.Urls.Select((url, i) => Setting("demo", url, "pools", "demo", "backends", $"{i}", "url")),
                // Quick enough to watch.
                Setting("demo", "1s", "pools", "demo", "healthCheck", "interval"),
                Setting("demo", "1s", "pools", "demo", "healthCheck", "downInterval"),
                Setting("demo", "250ms", "pools", "demo", "healthCheck", "fastInterval"),
                Setting("demo", "off", "accessLog", "format"),
            ],
        };
        if (Configuration.Load(sources) is not { } options)
        {
            return ExitCode.Wrong;
        }

        using var signals = new StopSignals();
        return await RunCommand.RunAsync(
            options, ReloadSource.Fixed(options), signals, balancer => Explain(balancer, backends.Urls));
    }

    private static ConfigSetting Setting(string origin, string value, params string[] path) =>
        new(path, ConfigNode.Scalar(value, new ConfigOrigin(origin)));

    private static void Explain(Balancer balancer, string[] backends)
    {
        var front = balancer.ClientEndPoints.OfType<IPEndPoint>().FirstOrDefault() is { } endpoint
            ? $"http://127.0.0.1:{endpoint.Port}"
            : "http://localhost";
        var readiness = balancer.AdminEndPoint is IPEndPoint admin
            ? $"  curl http://{admin}/readyz              # for orchestrators\n\n"
                + $"The dashboard, in a browser: http://{admin}/\n"
            : "";
        Console.WriteLine($"""

            Three backends are running behind {front}:
              1  {backends[0]}
              2  {backends[1]}  answers after 150 ms
              3  {backends[2]}  can be broken and mended

            Try, in another terminal:
              curl {front}/                        # again and again: each backend in turn
              curl {front}/health                  # who is up
              curl {backends[2]}/break                 # backend 3 answers 500 from now on ...
              curl {front}/health                  # ... and is out of the rotation a second or two later
              curl {backends[2]}/mend                  # it returns as soon as two probes have passed
            {readiness}
            Ctrl-C stops it.

            """);
    }
}
