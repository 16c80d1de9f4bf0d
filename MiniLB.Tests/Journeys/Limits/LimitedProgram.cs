using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Limits;

/// <summary>A balancer with limits in front of one backend, and how often it has turned whom away.</summary>
internal sealed class LimitedProgram : IAsyncDisposable
{
    private static readonly HttpClient Admin = new();

    private readonly TemporaryFolder _folder = new();

    private LimitedProgram(TestBackend backend) => Backend = backend;

    public TestBackend Backend { get; }

    public RunningProgram Program { get; private set; } = null!;

    public string Socket => _folder.File("clients.sock");

    /// <param name="keys">Members of the configuration, as JSON.</param>
    /// <param name="backend">What answers; null for one that says hello.</param>
    public static async Task<LimitedProgram> StartAsync(string keys, TestBackend? backend = null)
    {
        var limited = new LimitedProgram(backend ?? await TestBackend.StartAsync(c =>
        {
            c.Response.ContentLength = 5;
            return c.Response.WriteAsync("hello");
        }));
        try
        {
            limited.Write(keys);
            limited.Program = RunningProgram.Start(
                "--config", limited._folder.File("minilb.json"), "--admin", "127.0.0.1:0");
            await limited.Program.WaitUntilServingAsync();
            return limited;
        }
        catch
        {
            await limited.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has it obey another configuration.</summary>
    public async Task ReloadAsync(string keys)
    {
        Write(keys);
        using var content = new StringContent("", Encoding.UTF8, "application/json");
        using var answer = await Admin.PostAsync(new Uri(Program.AdminUrl, "/reload"), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>A client of HTTP/1.1 or of HTTP/2 with prior knowledge.</summary>
    public static HttpClient Client(string version) => new()
    {
        DefaultRequestVersion = Version.Parse(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>Asks on a connection of its own.</summary>
    /// <returns>The status, then what there is of Retry-After and the RateLimit fields.</returns>
    public async Task<string> AskAsync(string target, params string[] lines)
    {
        await using var client = await RawConnection.OpenAsync(Program.Url);
        return await AskAsync(client, target, lines);
    }

    public static async Task<string> AskAsync(RawConnection client, string target, params string[] lines)
    {
        var fields = string.Concat(lines.Select(l => l + "\r\n"));
        await client.SendAsync($"GET {target} HTTP/1.1\r\nHost: h\r\n{fields}\r\n");
        var (head, _) = await client.ReadResponseAsync();
        var told = head.Split("\r\n").Where(l => l.StartsWith("RateLimit", StringComparison.Ordinal));
        return string.Join(' ', told.Prepend(head.Split(' ')[1]));
    }

    /// <summary>Opens a connection from an address of this machine.</summary>
    public async Task<RawConnection> ConnectFromAsync(string address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(IPAddress.Parse(Program.Url.Host), Program.Url.Port);
        return new RawConnection(socket);
    }

    /// <summary>Waits until these were turned away, and nobody else.</summary>
    /// <param name="expected">Reasons with their counts, such as access=2, in the order of the metric.</param>
    public async Task HasRefusedAsync(string expected)
    {
        var found = "";
        await Eventually.True(
            async () => (found = await RefusedAsync()) == expected, $"refused: {expected}", () => found);
    }

    public async Task<double> MetricAsync(string name)
    {
        var text = await Admin.GetStringAsync(new Uri(Program.AdminUrl, "/metrics"));
        var line = text.Split('\n').Single(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line[name.Length..], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        if (Program is not null)
        {
            await Program.DisposeAsync();
        }

        await Backend.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string> RefusedAsync()
    {
        const string family = "minilb_refusals_total{reason=\"";
        var text = await Admin.GetStringAsync(new Uri(Program.AdminUrl, "/metrics"));
        return string.Join(' ', text.Split('\n').Where(l => l.StartsWith(family, StringComparison.Ordinal))
            .Select(l => l[family.Length..].Replace("\"} ", "=", StringComparison.Ordinal))
            .Where(l => !l.EndsWith("=0", StringComparison.Ordinal)));
    }

    // Of the same age as before, so that it is not read before the test says so; what was written before is longer.
    private void Write(string keys)
    {
        var file = _folder.Write("minilb.json", $$"""
            {
              "listeners": [{"address": "127.0.0.1:0"}, {"address": "unix:{{Socket}}"}],
              "pools": {"web": {"backends": ["{{Backend.Url}}"], "healthCheck": {"interval": "1h"} } },
              {{keys}}
            }
            """.PadRight(4000));
        File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
    }
}
