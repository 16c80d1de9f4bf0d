using MiniLB.Tests.Journeys.Http2.Backends;
using MiniLB.Tests.Journeys.Http2.Rows;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>What an HTTP/2 client sends reaches an HTTP/1.1 backend as one unambiguous request, or is
/// refused.</summary>
public sealed class Http2RowsJourney(BalancedBackend balanced) : IClassFixture<BalancedBackend>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

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
        if (await H2Connection.SeesAsync(() => client.IsOver(row.Stream) || Holds(client, row), Patience))
        {
            // After an answer an error may still follow.
            await H2Connection.SeesAsync(() => client.Closed || Holds(client, row), Grace);
        }

        Assert.True(Holds(client, row), $"wanted {row.Client.Text}; seen {client}");
        await balanced.FenceAsync();
        var arrived = balanced.Backend.Requests;
        var told = string.Join('\n', arrived);
        Assert.True(row.Backend.Holds(arrived), $"wanted {row.Backend.Text}; arrived {told}");
        Assert.DoesNotContain("smuggled", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("smuggled", client.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static bool Holds(H2Connection client, Row row) => client.Look(row.Stream, row.Client.Holds);
}
