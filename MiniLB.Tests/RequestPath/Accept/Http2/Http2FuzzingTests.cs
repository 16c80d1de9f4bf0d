using MiniLB.RequestPath.Accept.Http2;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

/// <summary>Whatever clients send, a connection ends, and each of its exchanges with it.</summary>
public sealed class Http2FuzzingTests
{
    private const int Rounds = 4000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task AnyFrames_EndWithTheirConnection_AndServeNoStreamTwice(int seed)
    {
        var random = new Random(seed);
        var sequences = new FrameSequences(random);
        var (served, failed) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            var client = new MemoryClient(e => ServeAsync(e, e.Stream.Id + round));
            client.Send(Frame.Preface);
            SendInPieces(client, sequences.Next(), random);

            await client.EndAsync();

            Assert.True(client.Running.IsCompletedSuccessfully, $"round {round}");
            Assert.True(client.Served.Count == client.Ended, $"round {round}: {client.Ended} exchanges have ended");
            Assert.True(client.Served.Distinct().Count() == client.Served.Count, $"round {round}: one served twice");
            Assert.True(client.Client.InFlight == 0, $"round {round}: {client.Client.InFlight} in flight");
            AssertSound(client, round);
            served += client.Served.Count;
            failed += client.Log.Lines.Count;
        }

        Assert.True(served > Rounds && failed > Rounds / 10 && failed < Rounds, $"{served} served, {failed} failed");
    }

    [Fact]
    public async Task AnyBytes_InPlaceOfFrames_EndWithTheirConnection()
    {
        var random = new Random(3);
        for (var round = 0; round < Rounds; round++)
        {
            var client = new MemoryClient(e => ServeAsync(e, round));
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            var hasPreface = random.Next(3) > 0;
            SendInPieces(client, hasPreface ? [.. Frame.Preface, .. bytes] : bytes, random);

            await client.EndAsync();

            Assert.True(client.Running.IsCompletedSuccessfully, $"round {round}");
            Assert.Equal(client.Served.Count, client.Ended);
            AssertSound(client, round);
        }
    }

    private static void SendInPieces(MemoryClient client, byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var end = Math.Min(bytes.Length, at + random.Next(1, random.Next(2) == 0 ? 20 : 20_000));
            client.Send(bytes[at..end]);
            at = end;
        }
    }

    // What of the answers does not hang on what was asked.
    private static void AssertSound(MemoryClient client, int round)
    {
        var (frames, ended) = (client.Take(), new HashSet<int>());
        Assert.True(frames.Count > 0 && frames[0].Type == FrameType.Settings, $"round {round}: no settings");
        foreach (var frame in frames)
        {
            Assert.True(frame.Payload.Length <= 16 * 1024, $"round {round}: {frame.Payload.Length} bytes");
            if (frame.Type is FrameType.Data or FrameType.Headers)
            {
                Assert.True(client.Served.Contains(frame.StreamId), $"round {round}: {frame.StreamId} was not asked");
                Assert.False(ended.Contains(frame.StreamId), $"round {round}: {frame} after the end");
            }

            if (frame.Type == FrameType.Reset || (frame.Type <= FrameType.Headers && frame.Has(FrameFlags.EndStream)))
            {
                ended.Add(frame.StreamId);
            }
        }
    }

    private static async ValueTask ServeAsync(Http2Exchange exchange, int way)
    {
        switch (way % 8)
        {
            case 0:
                return;
            case 1:
                exchange.Abort();
                return;
            case 2:
                await Task.Yield();
                break;
            case 3:
                await MemoryClient.AnswerAsync(exchange, new string('a', 100_000));
                return;
            case 4:
                await MemoryClient.AnswerAsync(exchange, "before", hasLength: false);
                break;
        }

        try
        {
            await ReadAsync(exchange);
            await MemoryClient.AnswerAsync(exchange, "after", way % 2 == 0);
        }
        catch (RequestBodyException)
        {
            exchange.Abort();
        }
    }

    private static async Task ReadAsync(Http2Exchange exchange)
    {
        while (true)
        {
            var read = await exchange.Body.ReadAsync();
            exchange.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
