using System.Net;
using MiniLB.Tests.Journeys.Harness;
using Xunit.Abstractions;

namespace MiniLB.Tests.Journeys.Nodes;

/// <summary>Two nodes share a virtual address by keepalived: one that dies is replaced within seconds, one that is
/// stopped hands over without a failed request.</summary>
public sealed class TwoNodesJourney(ITestOutputHelper output)
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);
    private static readonly IPEndPoint Target = new(IPAddress.Parse(TwoNodes.Address), 8080);
    private static readonly IPEndPoint TargetOfIPv6 = new(IPAddress.Parse(TwoNodes.AddressOfIPv6), 8080);

    [Fact]
    public async Task NodeThatIsKilled_UnderLoad_IsReplacedWithinThreeSeconds()
    {
        await using var rig = await TwoNodes.StartAsync();
        var (holder, other) = await rig.HolderAsync();
        await using var load = new PlainLoad(rig.Lan, Target, Short).With(4, "/", keepsAlive: true)
            .With(4, "/", keepsAlive: false);
        await load.GoesOnAsync(300);

        // No packet says that it has gone: neither an end, nor a reset, nor a farewell of keepalived.
        var gone = load.Now;
        await rig.CutAsync(holder);
        await holder.Network.KillAllAsync();
        await Eventually.True(() => load.Answers.Any(a => a.Node == other.Name), "the other answers", () => rig.Logs);
        await load.GoesOnAsync(300);
        await load.EndAsync();

        var gap = load.Answers.First(a => a.Node == other.Name).At - gone;
        output.WriteLine($"{load.Figures}; answers again after {gap.TotalSeconds:F2} s");
        Assert.True(gap < TimeSpan.FromSeconds(3), $"answers again after {gap.TotalSeconds} s\n{rig.Logs}");
        Assert.Equal(holder.Name, load.Answers.First().Node);
    }

    [Fact]
    public async Task ShippedConfiguration_IsWhatKeepalivedUnderstands()
    {
        await using var rig = await TwoNodes.StartAsync();

        var check = await rig.Nodes[0].CheckAsync();

        Assert.Equal((0, "", ""), (check.ExitCode, check.Output, check.Errors));
        await rig.HolderAsync();
        Assert.DoesNotContain("WARNING", rig.Logs, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ignoring", rig.Logs, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task NodeThatIsStopped_UnderLoad_HandsOverWithoutAFailedRequest_AndBack()
    {
        await using var rig = await TwoNodes.StartAsync(
            "--set", "shutdown.handOver=5s", "--set", "shutdown.delay=4s", "--set", "shutdown.grace=10s");
        await using var load = new PlainLoad(rig.Lan, Target, Long).With(5, "/", keepsAlive: true)
            .With(5, "/", keepsAlive: false).With(2, "/slow", keepsAlive: true).With(2, "/slow", keepsAlive: false);
        await using var newer = new PlainLoad(rig.Lan, TargetOfIPv6, Long).With(1, "/", keepsAlive: true)
            .With(1, "/", keepsAlive: false);
        for (var turn = 0; turn < 2; turn++)
        {
            var (holder, other) = await rig.HolderAsync();
            await load.GoesOnAsync(200);

            Assert.Equal(0, await holder.Program!.StopAsync());

            Assert.Equal(other, (await rig.HolderAsync()).Holder);
            var last = load.Answers.Last(a => a.Node == holder.Name).At;
            var first = load.Answers.First(a => a.Node == other.Name && a.At > last).At;
            output.WriteLine($"{load.Figures}; nobody answered for {(first - last).TotalSeconds:F2} s");
            var before = holder.TimesInPlace;
            await holder.BalanceAsync();
            await Eventually.True(() => holder.TimesInPlace > before, "it could take over again", () => rig.Logs);
        }

        await Task.WhenAll(load.EndAsync(), newer.EndAsync());
        output.WriteLine($"IPv6: {newer.Figures}");
        Assert.True(load.Failures.IsEmpty && newer.Failures.IsEmpty,
            $"{string.Join('\n', [.. load.Failures, .. newer.Failures])}\n{rig.Logs}");
    }
}
