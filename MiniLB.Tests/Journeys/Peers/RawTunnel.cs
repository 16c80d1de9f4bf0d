using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>A tunnel of a protocol that nobody knows, byte for byte.</summary>
internal static class RawTunnel
{
    public const string Asked = "GET /tunnel HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: words/1\r\n\r\n";

    public const string Accepted =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: words/1\r\n\r\n";

    /// <summary>A backend that accepts every tunnel, and closes it when it has nothing more to say; other requests
    /// are answered "plain".</summary>
    public static RawBackend Backend(Func<RawConnection, Task> talk) => new(async (connection, head) =>
    {
        if (head.Contains("words/1", StringComparison.OrdinalIgnoreCase))
        {
            await using (connection)
            {
                await connection.SendAsync(Accepted);
                await talk(connection);
            }
        }
        else
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain");
        }
    });

    /// <summary>Says back each line, until the client ends.</summary>
    public static async Task EchoAsync(RawConnection connection)
    {
        while (true)
        {
            await connection.SendAsync(await connection.ReadThroughAsync("\n"));
        }
    }

    public static async Task<RawConnection> OpenAsync(Uri url)
    {
        var client = await RawConnection.OpenAsync(url);
        await client.SendAsync(Asked);
        var head = await client.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        var lines = head.ToUpperInvariant().Split("\r\n");
        Assert.Single(lines, "UPGRADE: WORDS/1");
        Assert.Single(lines, "CONNECTION: UPGRADE");
        return client;
    }

    public static async Task<string> AskAsync(RawConnection client, string line)
    {
        await client.SendAsync(line + "\n");
        return (await client.ReadThroughAsync("\n")).TrimEnd('\n');
    }
}
