using System.CommandLine;
using System.Globalization;
using MiniLB.Admin.Stats;
using MiniLB.State;

namespace MiniLB.Cli;

/// <summary>minilb failures: the last requests that a running instance could not serve, and why.</summary>
internal static class FailuresCommand
{
    public static Command Create()
    {
        var flags = new AdminFlags();
        var command = new Command("failures",
            "Show the last requests that a running instance could not serve, the newest last, and the decisions that\n"
            + "led there: what was tried, what was passed over, and why it was not tried once more\n\n"
            + "  minilb failures --admin unix:/run/minilb/admin.sock");
        flags.AddTo(command);
        command.SetAction((parsed, _) => RunAsync(flags, parsed));
        return command;
    }

    private static async Task<int> RunAsync(AdminFlags flags, ParseResult parsed)
    {
        if (flags.FindAddress(parsed, "failures") is not { } address)
        {
            return ExitCode.Wrong;
        }

        try
        {
            using var client = new AdminClient(address);
            var document = RemoteBackend.Read(
                await client.GetAsync("/failures"), FailuresJson.Default.FailuresDocument);
            foreach (var failure in document.Failures.Reverse())
            {
                Write(Console.Out, failure);
            }

            if (document.Failures.Count == 0)
            {
                Console.WriteLine("no request has failed");
            }

            return ExitCode.Clean;
        }
        catch (AdminCallException e)
        {
            await Console.Error.WriteLineAsync($"minilb failures: {e.Message}");
            return e.ExitCode;
        }
    }

    internal static void Write(TextWriter output, FailedRequest failure)
    {
        output.WriteLine(Shown(string.Create(CultureInfo.InvariantCulture,
            $"{failure.Time:yyyy-MM-dd HH:mm:ss.fff}Z {failure.Status} {failure.Why}")
            + $"  {failure.Method} {failure.Target}"));
        output.WriteLine(Shown(string.Create(CultureInfo.InvariantCulture,
            $"    after {failure.Seconds * 1000:0.#} ms; client {failure.Client}, request {failure.RequestId}")));
        if (failure.Pool is not null)
        {
            output.WriteLine($"    pool {failure.Pool}: {failure.Decision}");
        }

        foreach (var attempt in failure.Tries)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"    tried {attempt.Backend}: {attempt.Outcome} after {attempt.Seconds * 1000:0.#} ms{Why(attempt)}"));
        }

        foreach (var passed in failure.PassedOver)
        {
            output.WriteLine($"    passed over {passed.Backend}: {passed.Why}");
        }
    }

    // What clients send may not steer the terminal.
    private static string Shown(string text) =>
        string.Create(text.Length, text, static (shown, t) =>
        {
            for (var i = 0; i < t.Length; i++)
            {
                shown[i] = char.IsControl(t[i]) ? '?' : t[i];
            }
        });

    private static string Why(FailedTry attempt) => attempt.Reason is { } reason ? $": {reason}" : "";
}
