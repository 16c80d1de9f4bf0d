namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>A final response as the client received it, and the interim ones before it.</summary>
internal sealed record ReceivedResponse(MessageHead Head, MessageBody Body, IReadOnlyList<MessageHead> Interims)
{
    /// <returns>Null where no final response came.</returns>
    public static async Task<ReceivedResponse?> ReadAsync(Peer client, bool toHead)
    {
        var interims = new List<MessageHead>();
        while (true)
        {
            if (await client.ThroughAsync("\r\n\r\n", Peer.Patience) is not { } text)
            {
                return null;
            }

            var head = new MessageHead(text);
            if (head.Status is >= 100 and < 200 and not 101)
            {
                interims.Add(head);
                continue;
            }

            return new(head, await BodyOf(head, client, toHead), interims);
        }
    }

    private static Task<MessageBody> BodyOf(MessageHead head, Peer client, bool toHead)
    {
        if (toHead || head.Status is 101 or 204 or 304)
        {
            return Task.FromResult(MessageBody.None);
        }

        if (head.IsChunked)
        {
            return MessageBody.ChunkedAsync(client);
        }

        return head.ContentLength is { } length
            ? MessageBody.FixedAsync(client, length)
            : MessageBody.ToEndAsync(client);
    }
}
