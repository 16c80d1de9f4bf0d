using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;
using MiniLB.Transport;

namespace MiniLB.Tests.Journeys.Systemd;

/// <summary>A restart under a socket unit: the socket stays open, who comes meanwhile waits in its queue, and nobody is
/// refused. The test holds the socket here; .ci/systemd.sh does the same with systemd.</summary>
public sealed class SocketRestartJourney
{
    [Fact]
    public async Task Restarts_UnderLoad_LoseNoRequest()
    {
        await using var backend = await TestBackend.StartAsync();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4096);
        var url = new Uri($"http://{listener.LocalEndPoint}/");
        using var end = new CancellationTokenSource();
        var (good, failures) = (0, new ConcurrentBag<string>());
        var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                // A connection for each request.
                using var client = new HttpClient();
                try
                {
                    await client.GetStringAsync(url, CancellationToken.None);
                    Interlocked.Increment(ref good);
                }
                catch (HttpRequestException e)
                {
                    failures.Add(e.Message);
                }
            }
        })).ToArray();

        for (var i = 0; i < 5; i++)
        {
            await using var program = Serve(listener, backend.Url);
            var before = Volatile.Read(ref good);
            await Eventually.True(
                () => Volatile.Read(ref good) > before + 50, "answers", () => string.Join('\n', failures));
            Assert.Equal(0, await program.StopAsync());
            program.SaysNothingOfExceptions();
        }

        await using var last = Serve(listener, backend.Url);
        await end.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Empty(failures);
    }

    // As systemd does: the descriptor is 3, and the variables name the process that is about to become the program.
    private static RunningProgram Serve(Socket listener, string backend)
    {
        var command = ProgramUnderTest.Command(
            ["--listen", $"{listener.LocalEndPoint}", "--admin", "off", "--backend", backend,
            "--set", "accessLog.format=off"]);
        // Until the child has it. .NET closes nothing else in a child than what says so itself.
        SocketInheritance.Allow(listener);
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in (string[])
            ["-c", Handover, $"{listener.Handle}", command.FileName, .. command.ArgumentList])
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            return RunningProgram.Start(start);
        }
        finally
        {
            SocketInheritance.Deny(listener);
        }
    }

    private const string Handover =
        """
        import os, sys
        os.dup2(int(sys.argv[1]), 3)
        os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
        os.execvp(sys.argv[2], sys.argv[2:])
        """;
}
