using System.Net.Sockets;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>One client cannot take all connections, and the limit hits nobody else.</summary>
public sealed class ConnectionsPerClientJourney
{
    [Fact]
    public async Task OneMore_IsClosed_AnotherClientIsServed_AndAnEndMakesRoom()
    {
        await using var limited = await LimitedProgram.StartAsync("\"limits\": {\"connectionsPerClient\": 2}");
        await using var other = await limited.ConnectFromAsync("127.0.0.2");
        await using (await OpenAsync(limited))
        await using (await OpenAsync(limited))
        {
            Assert.False(await IsServedAsync(limited));
            Assert.Equal("200", await LimitedProgram.AskAsync(other, "/"));
            await limited.HasRefusedAsync("connections_per_client=1");
        }

        await Eventually.True(() => IsServedAsync(limited), "room for another connection");
    }

    [Fact]
    public async Task TrustedProxies_AndClientsOfUnixSockets_HaveNoLimit()
    {
        await using var limited = await LimitedProgram.StartAsync("""
            "limits": {"connectionsPerClient": 1}, "trustedProxies": ["127.0.0.1"]
            """);
        var open = new List<RawConnection>();
        for (var i = 0; i < 3; i++)
        {
            open.Add(await OpenAsync(limited));
            open.Add(await RawConnection.OpenUnixAsync(limited.Socket));
            Assert.Equal("200", await LimitedProgram.AskAsync(open[^1], "/"));
        }

        await limited.HasRefusedAsync("");
        foreach (var connection in open)
        {
            await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task ConnectionsOfHttp2_CountToo()
    {
        await using var limited = await LimitedProgram.StartAsync("\"limits\": {\"connectionsPerClient\": 1}");
        using var client = LimitedProgram.Client("2.0");

        using var answer = await client.GetAsync(limited.Program.Url);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.False(await IsServedAsync(limited));
    }

    [Fact]
    public async Task Reload_ChangesTheLimit_AndCountsWhatIsOpen()
    {
        await using var limited = await LimitedProgram.StartAsync("\"limits\": {}");
        await using var first = await OpenAsync(limited);
        await using var second = await OpenAsync(limited);

        await limited.ReloadAsync("\"limits\": {\"connectionsPerClient\": 2}");
        Assert.False(await IsServedAsync(limited));
        Assert.Equal("200", await LimitedProgram.AskAsync(first, "/"));
        await limited.ReloadAsync("\"limits\": {\"connectionsPerClient\": 3}");
        Assert.True(await IsServedAsync(limited));
        await limited.ReloadAsync("\"limits\": {\"connectionsPerClient\": 1}");
        Assert.Equal("200", await LimitedProgram.AskAsync(second, "/"));
        Assert.False(await IsServedAsync(limited));
    }

    private static async Task<RawConnection> OpenAsync(LimitedProgram limited)
    {
        var connection = await RawConnection.OpenAsync(limited.Program.Url);
        Assert.Equal("200", await LimitedProgram.AskAsync(connection, "/"));
        return connection;
    }

    // A close may come before the connection is seen to be open, and before or after the request is sent.
    private static async Task<bool> IsServedAsync(LimitedProgram limited)
    {
        try
        {
            await using var connection = await RawConnection.OpenAsync(limited.Program.Url);
            await connection.SendAsync("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            return (await connection.ReadToEndAsync()).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
