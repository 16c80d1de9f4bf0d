using Grpc.Core;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>gRPC passes in all four shapes, with a real client and a real server.</summary>
public sealed class GrpcJourney
{
    [Fact]
    public async Task UnaryCall_PassesMessageMetadataAndTrailers()
    {
        await using var rig = await GrpcRig.StartAsync();
        var sent = new Metadata { { "sent-text", "a, b" }, { "sent-bin", [0, 255, 128] } };

        using var call = rig.Calls.AsyncUnaryCall(EchoMethods.Unary, null, GrpcRig.Options(sent), "hello");

        Assert.Equal("hello", await call);
        var head = await call.ResponseHeadersAsync;
        Assert.Equal("a, b", head.GetValue("sent-text"));
        Assert.Equal([0, 255, 128], head.GetValueBytes("sent-bin"));
        Assert.Equal("yes, really", call.GetTrailers().GetValue("at-the-end"));
        Assert.Equal([0, 255, 128], call.GetTrailers().GetValueBytes("at-the-end-bin"));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task RequestHead_ReachesTheServerAsGrpcDemandsIt()
    {
        await using var rig = await GrpcRig.StartAsync();

        await rig.Calls.AsyncUnaryCall(EchoMethods.Unary, null, GrpcRig.Options(), "hello");

        var head = Assert.Single(rig.Record.Heads);
        // Servers built on the C core refuse a call without it.
        Assert.Equal("trailers", head["TE"]);
        Assert.Equal("application/grpc", head.ContentType);
        Assert.NotEmpty(head["grpc-timeout"].ToString());
        Assert.Contains("grpc-dotnet", head.UserAgent.ToString(), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", head["X-Forwarded-For"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16_384)]
    [InlineData(4_194_305)]
    public async Task MessageOfAnySize_ComesBackUnchanged(int length)
    {
        await using var rig = await GrpcRig.StartAsync();
        var message = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 23))));

        Assert.Equal(message, await rig.Calls.AsyncUnaryCall(EchoMethods.Unary, null, GrpcRig.Options(), message));
    }

    [Fact]
    public async Task ServerStream_EachMessageArrivesBeforeTheNextIsWritten()
    {
        await using var rig = await GrpcRig.StartAsync();

        using var call = rig.Calls.AsyncServerStreamingCall(
            EchoMethods.FromServer, null, GrpcRig.Options(), "50");

        for (var i = 0; i < 50; i++)
        {
            rig.Record.Next.Release();
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"message {i}", call.ResponseStream.Current);
        }

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal("50", call.GetTrailers().GetValue("written"));
    }

    [Fact]
    public async Task ClientStream_ArrivesWhole()
    {
        await using var rig = await GrpcRig.StartAsync();

        using var call = rig.Calls.AsyncClientStreamingCall(EchoMethods.FromClient, null, GrpcRig.Options());
        for (var i = 0; i < 1000; i++)
        {
            await call.RequestStream.WriteAsync(new string('x', i));
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal("1000 messages, 499500 characters", await call);
    }

    [Fact]
    public async Task StreamBothWays_EachMessageIsSentAfterTheAnswerToTheOneBefore()
    {
        await using var rig = await GrpcRig.StartAsync();

        using var call = rig.Calls.AsyncDuplexStreamingCall(EchoMethods.BothWays, null, GrpcRig.Options());
        for (var i = 0; i < 200; i++)
        {
            await call.RequestStream.WriteAsync($"{i}");
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"you said {i}", call.ResponseStream.Current);
        }

        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal("heard all", call.GetTrailers().GetValue("at-the-end"));
    }

    [Fact]
    public async Task ManyStreamsOnOneConnection_GoOnBesideEachOther()
    {
        await using var rig = await GrpcRig.StartAsync();

        var talks = Enumerable.Range(0, 60).Select(id => TalkAsync(rig, $"call {id}")).ToArray();

        Assert.All(await Task.WhenAll(talks), answers => Assert.Equal(20, answers));
    }

    [Fact]
    public async Task EachCall_LeavesOneLineInTheAccessLog()
    {
        await using var rig = await GrpcRig.StartAsync();

        await rig.Calls.AsyncUnaryCall(EchoMethods.Unary, null, GrpcRig.Options(), "hello");
        await TalkAsync(rig, "hello");

        var lines = await AccessLines.WaitAsync(rig.Program, 2);
        Assert.Equal(
            ["/minilb.test.Echo/BothWays", "/minilb.test.Echo/Unary"],
            lines.Select(l => l.GetProperty("target").GetString()).Order(StringComparer.Ordinal));
        Assert.All(lines, line =>
        {
            Assert.Equal("HTTP/2", line.GetProperty("protocol").GetString());
            Assert.Equal(200, line.GetProperty("status").GetInt32());
            Assert.Equal("done", line.GetProperty("ended").GetString());
            Assert.True(line.GetProperty("bytesIn").GetInt64() >= 10);
            Assert.True(line.GetProperty("bytesOut").GetInt64() >= 10);
        });
    }

    /// <summary>Twenty questions and answers in one call.</summary>
    private static async Task<int> TalkAsync(GrpcRig rig, string name)
    {
        using var call = rig.Calls.AsyncDuplexStreamingCall(EchoMethods.BothWays, null, GrpcRig.Options());
        var answers = 0;
        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync($"{name}, {i}");
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"you said {name}, {i}", call.ResponseStream.Current);
            answers++;
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        return answers;
    }
}
