using System.Diagnostics;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Systemd;

/// <summary>The watchdog is pinged as long as the process works, whatever clients and backends do, and no
/// longer.</summary>
public sealed class WatchdogJourney
{
    private const int Microseconds = 1_000_000;

    // Runs the program as a child, one of whose threads it may stop (ptrace(2)): on USR1 the first event thread, until
    // USR2.
    private const string Wrapper =
        """
        import ctypes, os, signal, subprocess, sys
        SEIZE, INTERRUPT, DETACH, ALL = 0x4206, 0x4207, 17, 0x40000000
        libc = ctypes.CDLL(None, use_errno=True)
        libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
        program = subprocess.Popen(sys.argv[1:])
        held = []

        def ask(request, thread):
            if libc.ptrace(request, thread, None, None) != 0:
                sys.exit(os.strerror(ctypes.get_errno()))

        def hold(*_):
            tasks = f"/proc/{program.pid}/task"
            named = lambda t: open(f"{tasks}/{t}/comm").read().strip().startswith(("event loop", ".NET Sockets"))
            thread = min(int(t) for t in os.listdir(tasks) if named(t))
            ask(SEIZE, thread)
            ask(INTERRUPT, thread)
            os.waitpid(thread, ALL)
            held.append(thread)

        signal.signal(signal.SIGUSR1, hold)
        signal.signal(signal.SIGUSR2, lambda *_: ask(DETACH, held.pop()))
        signal.signal(signal.SIGHUP, lambda *_: program.send_signal(signal.SIGHUP))
        signal.signal(signal.SIGTERM, lambda *_: program.terminate())
        sys.exit(program.wait())
        """;

    [Fact]
    public async Task HungEventThread_StopsThePings_UntilItWorksAgain()
    {
        using var manager = new ServiceManager();
        var command = ProgramUnderTest.Command(
            ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", "http://127.0.0.1:1"]);
        var start = new ProcessStartInfo("python3")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in (string[])["-c", Wrapper, command.FileName, .. command.ArgumentList])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in manager.Environment(Microseconds))
        {
            start.Environment[name] = value;
        }

        await using var program = RunningProgram.Start(start);
        await manager.IsPingedAsync(2);

        program.Signal("USR1");
        await program.SaysAsync("no ping for the service manager's watchdog: an event thread does not answer");
        var before = manager.Pings;
        for (var reloads = 1; reloads <= 5; reloads++)
        {
            // The rest of the process goes on.
            program.Signal("HUP");
            await Eventually.True(() => manager.News.Count(m => m == "READY=1") >= reloads, "the end of a reload");
        }

        Assert.Equal(before, manager.Pings);
        program.Signal("USR2");
        await program.SaysAsync("all parts answer the watchdog again");
        await manager.IsPingedAsync(2);
        Assert.Equal(0, await program.StopAsync());
    }

    [Fact]
    public async Task Pings_GoOn_WithoutBackends_OverTheLimits_AndWithoutDescriptors()
    {
        using var manager = new ServiceManager();
        await using var backend = await TestBackend.StartAsync();
        await using var program = RunningProgram.Start(
            FewDescriptors.Variables(manager.Environment(Microseconds)),
            "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", backend.Url,
            "--set", "accessLog.format=off", "--set", "limits.inFlight=4", "--set", "limits.connections=24",
            "--set", "pools.default.healthCheck.interval=100ms");
        await program.WaitUntilServingAsync();
        await using var load = new GetLoad(program.Url, 32);
        await load.GoesOnAsync(100);
        await manager.IsPingedAsync(4);
        Assert.NotEmpty(load.Failures);

        // The soft limit alone, which may be raised again.
        var open = FewDescriptors.Open(program);
        await FewDescriptors.LimitAsync(program, $"{open / 2}:");
        await program.SaysAsync("accepting on");
        await manager.IsPingedAsync(4);

        // Clients that were not accepted yet are answered, and can end; and without descriptors no backend is found down.
        await FewDescriptors.LimitAsync(program, $"{open * 2}:");
        await backend.KillAsync();
        await manager.HearsAsync("STATUS=serving; 0 of 1 backends up");
        await manager.IsPingedAsync(4);
    }

    // One that was inherited from a process that this one has replaced, or from whoever started it by hand.
    [Fact]
    public async Task WatchdogOfAnotherProcess_IsNotPinged()
    {
        using var manager = new ServiceManager();
        var environment = manager.Environment(Microseconds);
        environment["WATCHDOG_PID"] = "1";
        await using var program = RunningProgram.Start(
            environment, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--backend", "http://127.0.0.1:1");
        await manager.HearsAsync("READY=1\nSTATUS=serving; 0 of 1 backends up");
        Assert.Equal(0, await program.StopAsync());
        await manager.HearsAsync("STOPPING=1\nSTATUS=stopping");

        Assert.Equal(0, manager.Pings);
    }
}
