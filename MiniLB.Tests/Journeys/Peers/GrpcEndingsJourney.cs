using Grpc.Core;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>However a gRPC call ends, both sides learn of it, and none takes a broken one for a whole one.</summary>
public sealed class GrpcEndingsJourney
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task ErrorWithoutAMessage_ArrivesWithCodeTextAndTrailers()
    {
        await using var rig = await GrpcRig.StartAsync();

        using var call = rig.Calls.AsyncUnaryCall(EchoMethods.Unary, null, GrpcRig.Options(), "fail");
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal("100 % refused: caf\u00e9", error.Status.Detail);
        Assert.Equal("yes, really", error.Trailers.GetValue("at-the-end"));
    }

    [Fact]
    public async Task ErrorInMidStream_ArrivesAfterTheMessagesBeforeIt()
    {
        await using var rig = await GrpcRig.StartAsync();
        rig.Record.Next.Release(3);

        using var call = rig.Calls.AsyncServerStreamingCall(
            EchoMethods.FromServer, null, GrpcRig.Options(), "3 fail");
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal($"message {i}", call.ResponseStream.Current);
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.DataLoss, error.StatusCode);
        Assert.Equal("broken off", error.Status.Detail);
        Assert.Equal("some", error.Trailers.GetValue("lost"));
    }

    [Fact]
    public async Task Deadline_PassesToTheServerAndEndsTheCallOnBothSides()
    {
        await using var rig = await GrpcRig.StartAsync();
        var deadline = DateTime.UtcNow + TimeSpan.FromSeconds(1);

        using var call = rig.Calls.AsyncUnaryCall(
            EchoMethods.Unary, null, new CallOptions(deadline: deadline), "wait");
        await rig.Record.Waiting.Task.WaitAsync(Soon);
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await rig.Record.Cancelled.Task.WaitAsync(Soon);
        Assert.InRange(Assert.Single(rig.Record.Deadlines) - deadline, -Soon, Soon);
    }

    [Fact]
    public async Task CancellationByTheClient_EndsTheWorkAtTheServer()
    {
        await using var rig = await GrpcRig.StartAsync();
        using var cancellation = new CancellationTokenSource();

        using var call = rig.Calls.AsyncDuplexStreamingCall(
            EchoMethods.BothWays, null, new CallOptions(cancellationToken: cancellation.Token));
        await call.RequestStream.WriteAsync("wait");
        Assert.True(await call.ResponseStream.MoveNext());
        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await rig.Record.Cancelled.Task.WaitAsync(Soon);
        // The connection and the server are as good as before.
        Assert.Equal("hello", await rig.Calls.AsyncUnaryCall(EchoMethods.Unary, null, GrpcRig.Options(), "hello"));
    }

    [Fact]
    public async Task ServerThatDiesInMidStream_EndsTheCallWithAnError()
    {
        await using var rig = await GrpcRig.StartAsync();
        using var call = rig.Calls.AsyncDuplexStreamingCall(EchoMethods.BothWays, null, GrpcRig.Options());
        await call.RequestStream.WriteAsync("hello");
        Assert.True(await call.ResponseStream.MoveNext());

        var next = call.ResponseStream.MoveNext();
        await rig.Server.DisposeAsync();

        var error = await Assert.ThrowsAsync<RpcException>(() => next);
        Assert.NotEqual(StatusCode.OK, error.StatusCode);
        Assert.NotEqual(StatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task NoServer_IsUnavailable()
    {
        await using var rig = await GrpcRig.StartAsync();
        await rig.Server.DisposeAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await rig.Calls.AsyncUnaryCall(EchoMethods.Unary, null, GrpcRig.Options(), "hello"));

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
    }
}
