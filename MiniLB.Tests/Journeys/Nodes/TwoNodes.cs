using System.Net;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Nodes;

/// <summary>A network with two backends and two nodes that share a virtual address.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    public const string Address = "192.0.2.10";
    public const string AddressOfIPv6 = "2001:db8::10";

    private readonly List<LanBackend> _backends = [];

    private TwoNodes(NetworkNamespace lan) => Lan = lan;

    /// <summary>Where the clients and the backends are.</summary>
    public NetworkNamespace Lan { get; }

    public List<BalancerNode> Nodes { get; } = [];

    public string Logs => string.Join('\n', Nodes.Select(n => n.Log));

    /// <param name="settings">What the balancers are told beyond their addresses and backends.</param>
    public static async Task<TwoNodes> StartAsync(params string[] settings)
    {
        var rig = new TwoNodes(await NetworkNamespace.CreateAsync("lan"));
        try
        {
            await rig.BuildAsync(settings);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    /// <summary>The one node that holds the virtual addresses; waits for it.</summary>
    public async Task<(BalancerNode Holder, BalancerNode Other)> HolderAsync()
    {
        var held = new bool[Nodes.Count];
        await Eventually.True(
            async () =>
            {
                held = await Task.WhenAll(Nodes.Select(async n =>
                    await n.HoldsAsync(Address) && await n.HoldsAsync(AddressOfIPv6)));
                return held.Count(h => h) == 1;
            },
            "one node holds the address", () => Logs);
        var holder = Array.IndexOf(held, true);
        return (Nodes[holder], Nodes[1 - holder]);
    }

    public Task CutAsync(BalancerNode node) => Lan.IpAsync("link", "set", "dev", node.Name, "down");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        foreach (var backend in _backends)
        {
            await backend.DisposeAsync();
        }

        await Lan.DisposeAsync();
    }

    private async Task BuildAsync(string[] settings)
    {
        await Lan.IpAsync("link", "add", "bridge", "type", "bridge", "forward_delay", "0");
        await Lan.IpAsync("link", "set", "bridge", "up");
        await AddAddressesAsync(Lan, "bridge", 100);
        foreach (var port in new[] { 9001, 9002 })
        {
            _backends.Add(await LanBackend.StartAsync(Lan, new IPEndPoint(IPAddress.Parse("192.0.2.100"), port)));
        }

        settings = ["--backend", "http://192.0.2.100:9001", "--backend", "http://192.0.2.100:9002", .. settings];
        foreach (var (name, number) in new[] { ("a", 1), ("b", 2) })
        {
            var node = new BalancerNode(await NetworkNamespace.CreateAsync(name), name, settings);
            Nodes.Add(node);
            await Lan.IpAsync(
                "link", "add", "name", name, "type", "veth", "peer", "name", "eth0", "netns", node.Network.Name);
            await Lan.IpAsync("link", "set", "dev", name, "master", "bridge", "up");
            await node.Network.IpAsync("link", "set", "eth0", "up");
            await AddAddressesAsync(node.Network, "eth0", number);
        }

        await Task.WhenAll(Nodes.Select(n => n.BalanceAsync()));
        // One after the other: two that start at once may both take the address for a moment.
        foreach (var node in Nodes)
        {
            node.StartKeepalived();
            await HolderAsync();
            await Eventually.True(() => node.TimesInPlace == 1, $"{node.Name} has or awaits the address", () => Logs);
        }
    }

    private static async Task AddAddressesAsync(NetworkNamespace network, string device, int number)
    {
        await network.IpAsync("addr", "add", $"192.0.2.{number}/24", "dev", device);
        await network.IpAsync("addr", "add", $"2001:db8::{number}/64", "dev", device, "nodad");
    }
}
