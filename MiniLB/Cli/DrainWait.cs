using System.Diagnostics;
using MiniLB.Admin;

namespace MiniLB.Cli;

/// <summary>Waits until a draining backend has nothing left to do.</summary>
internal static class DrainWait
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Word = TimeSpan.FromSeconds(1);

    /// <param name="backend">The one that drains.</param>
    /// <param name="limit">How long at most, as written.</param>
    /// <param name="time">The same.</param>
    /// <exception cref="AdminCallException">Its time is over, or somebody has brought it back.</exception>
    public static async Task<int> RunAsync(RemoteBackend backend, string limit, TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        var said = TimeSpan.Zero;
        while (true)
        {
            var document = await backend.AskAsync();
            var name = $"{document.Pool}/{document.Url}";
            if (document.Mode == BackendDocument.Word(State.BackendMode.Enabled))
            {
                throw new AdminCallException(ExitCode.Failed, $"{name} has been enabled again");
            }

            if (document is { InFlight: 0, Tunnels: 0 })
            {
                Console.WriteLine($"{name} has nothing left to do");
                return ExitCode.Clean;
            }

            if (watch.Elapsed >= time)
            {
                throw new AdminCallException(ExitCode.Failed, $"after {limit} {name} has {Left(document)}");
            }

            // A log file gets the beginning and the end.
            if (!Console.IsOutputRedirected && watch.Elapsed - said >= Word)
            {
                said = watch.Elapsed;
                Console.WriteLine(Left(document));
            }

            await Task.Delay(Look);
        }
    }

    /// <summary>What it still has to do, in words.</summary>
    public static string Left(BackendDocument document)
    {
        // A tunnel began as a request and counts as one.
        var requests = Math.Max(0, document.InFlight - document.Tunnels);
        return $"{Count(requests, "request")} in flight, {Count(document.Tunnels, "tunnel")}";
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
