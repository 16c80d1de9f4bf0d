using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Discovery;

/// <summary>minilb check looks sources up where it probes, and tells what is written where it does not.</summary>
public sealed class CheckSourcesJourney
{
    [Fact]
    public async Task Probe_LooksUpAndProbesWhatIsFound()
    {
        await using var backends = await AddressedBackends.StartAsync(2);
        await using var dns = await Dnsmasq.StartAsync(backends.Addresses);
        var (good, bad) = ($"dns:http://api.internal:{backends.Port}", "dns:http://none.internal");

        Assert.Equal(
            (0, $"""
                dns http://api.internal:{backends.Port} has 2 backends
                default/{backends.UrlOf(0)} is up: status 200
                default/{backends.UrlOf(1)} is up: status 200

                """),
            await CheckAsync(dns, "--probe", "--backend", good));
        Assert.Equal(
            (1, "dns http://none.internal cannot be looked up: there is no such name (NXDOMAIN)\n"),
            await CheckAsync(dns, "--probe", "--backend", bad));
        Assert.Equal(
            (0, "ok: 1 listener, 1 pool, 0 backends, 1 source\n"), await CheckAsync(dns, "--backend", bad));
        var (_, explained) = await CheckAsync(dns, "--explain", "--backend", bad + ",refresh=7s");
        Assert.Contains("pools.default.backends[0].dns = http://none.internal  # --backend\n", explained,
            StringComparison.Ordinal);
        Assert.Contains("pools.default.backends[0].refresh = 7s  # --backend\n", explained, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Difference_NamesSourcesAsTheyAreWritten()
    {
        await using var backends = await AddressedBackends.StartAsync(1);
        await using var dns = await Dnsmasq.StartAsync(backends.Addresses);
        var source = $"dns:http://api.internal:{backends.Port}";
        await using var program = await dns.BalanceAsync("--backend", source);

        var same = await RunningProgram.RunAsync(
            "check", "--diff", "--listen", "127.0.0.1:0", "--admin", program.AdminUrl.Authority, "--backend", source);
        Assert.Contains("admin.address", same.Output, StringComparison.Ordinal); // the port that the system has chosen
        Assert.DoesNotContain("backends", same.Output, StringComparison.Ordinal);
        var other = await RunningProgram.RunAsync(
            "check", "--diff", "--listen", "127.0.0.1:0", "--admin", program.AdminUrl.Authority,
            "--backend", source + ",refresh=3s", "--backend", "http://10.0.0.1");
        Assert.Contains(
            $"~ pools.default.backends[dns http://api.internal:{backends.Port}].refresh 10s -> 3s\n"
            + "+ pools.default.backends http://10.0.0.1\n", other.Output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> CheckAsync(Dnsmasq dns, params string[] arguments)
    {
        await using var program = dns.Start(["check", .. arguments]);
        await program.WaitForEndAsync();
        return (program.ExitCode, program.Output);
    }
}
