using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Rows;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>What an HTTP/2 client sends reaches an HTTP/1.1 backend as one unambiguous request, or is refused.</summary>
public sealed class Http2RowsJourney(BalancedBackend balanced) : IClassFixture<BalancedBackend>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Names => [.. AllRows.ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Frames_ClientAndBackendSeeWhatTheRowSays(string name)
    {
        var row = AllRows.ByName[name];
        balanced.Backend.Forget();
        await using var client = await H2Connection.ConnectAsync(balanced.Program.Url);

        await client.SendBytesAsync(Frame.Preface);
        await client.SendAsync([.. row.SendsSettings ? [Frame.Settings()] : Array.Empty<Frame>(), .. row.Frames]);
        await H2Connection.SeesAsync(
            () => client.Closed || client.Look(row.Stream, row.Client.Holds), Patience);

        Assert.True(client.Look(row.Stream, row.Client.Holds), $"wanted {row.Client.Text}; seen {client}");
        await balanced.FenceAsync();
        var arrived = balanced.Backend.Requests;
        var told = string.Join('\n', arrived);
        Assert.True(row.Backend.Holds(arrived), $"wanted {row.Backend.Text}; arrived {told}");
        Assert.DoesNotContain("smuggled", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("smuggled", client.ToString(), StringComparison.OrdinalIgnoreCase);
    }
}
