using System.Globalization;
using System.Text;

namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>A message's body without its framing, its trailer fields, and whether it came to its end.</summary>
internal sealed record MessageBody(string Text, IReadOnlyList<string> Trailers, bool IsComplete)
{
    public static readonly MessageBody None = new("", [], true);

    public static async Task<MessageBody> FixedAsync(Peer peer, long length)
    {
        var text = await peer.TakeAsync(length);
        return new(text, [], text.Length == length);
    }

    /// <summary>A body that lasts until its connection is closed.</summary>
    public static async Task<MessageBody> ToEndAsync(Peer peer)
    {
        var text = await peer.ToEndAsync();
        return new(text, [], peer.State == PeerState.Ended);
    }

    public static async Task<MessageBody> ChunkedAsync(Peer peer)
    {
        var body = new StringBuilder();
        while (true)
        {
            var line = await peer.ThroughAsync("\r\n", Peer.Patience);
            if (line is null || !TrySize(line[..^2], out var size))
            {
                return new(body.ToString(), line is null ? [] : [$"(bad chunk line {line})"], false);
            }

            if (size == 0)
            {
                return await TrailersAsync(peer, body.ToString());
            }

            var data = await peer.TakeAsync(size);
            body.Append(data);
            if (data.Length < size || await peer.TakeAsync(2) != "\r\n")
            {
                return new(body.ToString(), [], false);
            }
        }
    }

    // The balancer writes its chunks itself, so nothing but digits is in order.
    private static bool TrySize(string line, out int size) =>
        int.TryParse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out size) && size >= 0;

    private static async Task<MessageBody> TrailersAsync(Peer peer, string body)
    {
        var trailers = new List<string>();
        while (true)
        {
            var line = await peer.ThroughAsync("\r\n", Peer.Patience);
            if (line is null or "\r\n")
            {
                return new(body, trailers, line is not null);
            }

            var (name, value) = MessageHead.Field(line[..^2]);
            trailers.Add($"{name}: {value}");
        }
    }
}
