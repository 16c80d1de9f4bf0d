using System.Net.Sockets;
using System.Text;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Systemd;

/// <summary>Hears what a service tells its manager, as systemd does.</summary>
internal sealed class ServiceManager : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _heard = [];

    /// <param name="address">A path, or an abstract name that begins with @; null for a path of its own.</param>
    public ServiceManager(string? address = null)
    {
        Address = address ?? _folder.File("notify");
        _socket.Bind(new UnixDomainSocketEndPoint(Address[0] == '@' ? '\0' + Address[1..] : Address));
        _ = HearAsync();
    }

    /// <summary>For NOTIFY_SOCKET.</summary>
    public string Address { get; }

    /// <summary>All messages, in order.</summary>
    public IReadOnlyList<string> Heard
    {
        get
        {
            lock (_heard)
            {
                return [.. _heard];
            }
        }
    }

    /// <summary>The same without pings.</summary>
    public IReadOnlyList<string> News => [.. Heard.Where(m => m != "WATCHDOG=1")];

    public int Pings => Heard.Count(m => m == "WATCHDOG=1");

    /// <summary>What the program is started with.</summary>
    /// <param name="watchdog">In microseconds; null for none.</param>
    public Dictionary<string, string> Environment(int? watchdog = null)
    {
        var variables = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = Address };
        if (watchdog is { } limit)
        {
            variables["WATCHDOG_USEC"] = $"{limit}";
        }

        return variables;
    }

    public Task HearsAsync(string message) => Eventually.True(
        () => Heard.Contains(message), $"'{message}'", () => string.Join('\n', Heard));

    /// <summary>Waits for so many pings more.</summary>
    public Task IsPingedAsync(int more) => HasPingsAsync(Pings + more);

    /// <summary>Waits for so many pings since the beginning.</summary>
    public Task HasPingsAsync(int count) => Eventually.True(
        () => Pings >= count, $"{count} pings", () => string.Join('\n', Heard));

    public void Dispose()
    {
        _socket.Dispose();
        _folder.Dispose();
    }

    private async Task HearAsync()
    {
        var message = new byte[4096];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(message);
                lock (_heard)
                {
                    _heard.Add(Encoding.UTF8.GetString(message, 0, length));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
