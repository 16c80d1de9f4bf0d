using System.CommandLine;

namespace MiniLB.Load.Self;

/// <summary>The command that <c>--self</c> starts its backends with; not for people.</summary>
internal static class SampleBackendCommand
{
    public const string Name = "sample-backend";

    private static readonly Option<string> NameFlag = new("--name") { Required = true };
    private static readonly Option<int> PortFlag = new("--port");
    private static readonly Option<int> DelayFlag = new("--delay-ms");
    private static readonly Option<int> AtOnceFlag = new("--at-once");

    public static Command Create()
    {
        var command = new Command(Name, "A sample backend, until standard input ends")
        {
            NameFlag, PortFlag, DelayFlag, AtOnceFlag,
        };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            using var server = new SampleServer(
                parsed.GetRequiredValue(NameFlag), TimeSpan.FromMilliseconds(parsed.GetValue(DelayFlag)),
                parsed.GetValue(AtOnceFlag));
            await server.RunAsync(parsed.GetValue(PortFlag));
            return ExitCode.Clean;
        });
        return command;
    }

    /// <summary>The flags that make a backend behave so.</summary>
    public static IReadOnlyList<string> Behaviour(TimeSpan delay, int atOnce) =>
        ["--delay-ms", $"{delay.TotalMilliseconds}", "--at-once", $"{atOnce}"];
}
