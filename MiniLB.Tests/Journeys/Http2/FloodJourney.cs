using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Floods;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>A client that floods harms itself alone: the program lives, its memory and the backend's work are bounded,
/// and the clients beside it are served.</summary>
[Collection(nameof(FloodsAlone))]
public sealed class FloodJourney(ITestOutputHelper output)
{
    // Usually 8 to 13 MiB; the collector takes more before it runs where the machine is busy (96 MiB seen once). What a
    // flood would fill without a limit is far more: 90 untaken downloads alone are 360 MiB.
    private const long LargestGrowth = 192 * 1024 * 1024;

    // The streams of one connection, and as many again whose end is under way.
    private const int LargestWork = 200;

    public static TheoryData<string> Names => [.. AllFloods.ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Flood_TheOthersAreServedAndMemoryIsBounded(string name)
    {
        var flood = AllFloods.ByName[name];
        await using var backend = await FloodedBackend.StartAsync();
        await using var program = await RunningProgram.BalanceAsync(
            "--backend", backend.Url, "--set", "accessLog.format=off");
        await using var others = new Bystanders(program.Url);
        await Eventually.True(() => others.Served > 500 || !others.Failures.IsEmpty, "the others before the flood");
        var (before, served) = (await ResidentMemory.OfAsync(program), others.Served);

        var (end, sent) = await FloodingClient.RunAsync(program.Url, flood);
        var during = others.Served - served;
        await Eventually.True(() => others.Served - served >= 5 || !others.Failures.IsEmpty, "the others beside it");
        await Eventually.True(() => backend.Working == 0, "the end of the work at the backend");
        await others.StopAsync();

        var growth = await ResidentMemory.PeakOfAsync(program) - before;
        output.WriteLine($"{end} after {sent:N0} bytes; memory +{growth >> 20} MiB; "
            + $"peak at the backend {backend.Peak}; {during} requests of others during the flood");
        Assert.Empty(others.Failures);
        Assert.False(program.HasExited, program.Errors);
        Assert.InRange(growth, long.MinValue, LargestGrowth);
        Assert.InRange(backend.Peak, 0, LargestWork);
        Assert.True(end == FloodEnd.Closed || !flood.MustEnd, $"the flooding connection was {end} after {sent} bytes");
    }
}
