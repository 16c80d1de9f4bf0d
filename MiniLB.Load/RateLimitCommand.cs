using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using MiniLB.Config;
using MiniLB.Config.Options;
using MiniLB.Load.Picks;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Load;

/// <summary>ratelimit: what does it cost to ask a rate limit and a list of addresses, and how much memory does a flood
/// of keys take?</summary>
internal static class RateLimitCommand
{
    private const int Flood = 10_000_000;
    private const int Ranges = 10_000;
    private const int Runs = 5;

    private static readonly SipHash Hash = new(0x0123456789abcdef, 0xfedcba9876543210);

    public static Command Create()
    {
        var command = new Command("ratelimit",
            "Measures in this process what a rate limit costs: the nanoseconds of one thread for a decision, with one\n"
            + "key for all and with 10 million keys one after the other, and the memory that these take; then a look\n"
            + "into a list of 10,000 address ranges. Takes some seconds; build with -c Release.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        var limit = new RateLimitOptions();
        var rules = CellRateRules.Of(limit, Stopwatch.Frequency);
        foreach (var threads in new[] { 1, 2 })
        {
            Show(threads, "one key", (table, _) => Ask(table, rules, 0, step: 0), limit);
            Show(threads, "10 million keys", (table, n) => Ask(table, rules, n * Flood, step: 1), limit);
        }

        var list = new CidrSet([.. Enumerable.Range(0, Ranges).Select(Range)]);
        Show(1, "10,000 ranges", (_, _) => LookUp(list), limit);
        return ExitCode.Clean;
    }

    private static void Show(int threads, string what, Action<RateTable, int> work, RateLimitOptions limit)
    {
        var table = new RateTable(limit.MaxKeys);
        using var together = new PickThreads(threads, thread => work(table, thread));
        together.Run();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var runs = new double[Runs];
        for (var i = 0; i < Runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            together.Run();
            runs[i] = Stopwatch.GetElapsedTime(began).TotalNanoseconds / Flood;
        }

        Array.Sort(runs);
        var allocated = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Runs / threads / Flood;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{threads} thread{(threads == 1 ? " " : "s")}, {what,-15}: {runs[Runs / 2],4:0} ns, "
            + $"{allocated:0.000} bytes allocated a decision; the table has {table.Bytes:#,0} bytes"));
    }

    // As the request path does, and a look at the clock besides, which a request has taken already.
    private static void Ask(RateTable table, in CellRateRules rules, long first, int step)
    {
        for (var i = 0; i < Flood; i++)
        {
            var key = first + ((long)i * step);
            var hash = Hash.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in key)));
            table.Passes(hash, Stopwatch.GetTimestamp(), rules, out _);
        }
    }

    private static void LookUp(CidrSet list)
    {
        var addresses = Array.ConvertAll(Enumerable.Range(0, 4_096).ToArray(), n => Address(n * 7_919));
        var found = 0;
        for (var i = 0; i < Flood; i++)
        {
            found += list.Contains(addresses[i % addresses.Length]) ? 1 : 0;
        }

        GC.KeepAlive(found);
    }

    // Every second /24 from 10.0.0.0 on.
    private static IPNetwork Range(int number) => new(Address(number * 2 * 256), 24);

    private static IPAddress Address(int offset) =>
        new(BitConverter.GetBytes(IPAddress.HostToNetworkOrder((10 << 24) + offset)));
}
