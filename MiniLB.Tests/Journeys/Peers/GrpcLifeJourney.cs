using System.Diagnostics;
using Grpc.Core;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>How long a gRPC stream lives: it is a tunnel, not a request that must hurry.</summary>
public sealed class GrpcLifeJourney
{
    [Fact]
    public async Task SilentStream_OutlivesTheTimeoutsOfRequests()
    {
        await using var rig = await GrpcRig.StartAsync(
            "timeouts.read=300ms", "timeouts.write=300ms", "timeouts.idle=300ms",
            "pools.default.timeouts.idle=300ms", "pools.default.timeouts.responseHeaders=300ms");
        using var call = rig.Calls.AsyncDuplexStreamingCall(EchoMethods.BothWays, null, GrpcRig.Options());
        await AskAsync(call, "before");

        var next = call.ResponseStream.MoveNext();
        var cut = await Task.WhenAny(next, Task.Delay(TimeSpan.FromSeconds(1.5))) == next;

        Assert.False(cut, "the stream ended");
        await call.RequestStream.WriteAsync("after");
        Assert.True(await next);
        Assert.Equal("you said after", call.ResponseStream.Current);
    }

    [Fact]
    public async Task StreamWithoutAFirstAnswer_OutlivesTheTimeoutsOfRequests()
    {
        await using var rig = await GrpcRig.StartAsync(
            "timeouts.read=300ms", "timeouts.idle=300ms", "pools.default.timeouts.idle=300ms",
            "pools.default.timeouts.responseHeaders=300ms");
        using var call = rig.Calls.AsyncClientStreamingCall(EchoMethods.FromClient, null, GrpcRig.Options());
        var answer = call.ResponseAsync;

        for (var i = 0; i < 3; i++)
        {
            await call.RequestStream.WriteAsync("hello");
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(600))); // the pace of a slow client
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal("3 messages, 15 characters", await answer);
    }

    [Fact]
    public async Task SilentStream_IsCutAtTheLimitOfTunnels()
    {
        await using var rig = await GrpcRig.StartAsync("pools.default.timeouts.tunnel=1s");
        using var call = rig.Calls.AsyncDuplexStreamingCall(EchoMethods.BothWays, null, GrpcRig.Options());
        await AskAsync(call, "hello");
        var watch = Stopwatch.StartNew();

        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.InRange(watch.Elapsed.TotalSeconds, 0.7, 6);
        Assert.NotEqual(StatusCode.OK, error.StatusCode);
    }

    [Fact]
    public async Task StreamThatEndsWithinTheGraceOfAStop_EndsWhole()
    {
        await using var rig = await GrpcRig.StartAsync();
        using var call = rig.Calls.AsyncDuplexStreamingCall(EchoMethods.BothWays, null, GrpcRig.Options());
        await AskAsync(call, "before");

        rig.Program.Signal("TERM");
        await rig.Program.SaysAsync("stopping");
        await AskAsync(call, "during");
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal("heard all", call.GetTrailers().GetValue("at-the-end"));
        Assert.Equal(0, await rig.Program.WaitForEndAsync());
    }

    [Fact]
    public async Task StreamThatOutlivesTheGraceOfAStop_IsCutAndTheExitIsClean()
    {
        await using var rig = await GrpcRig.StartAsync("shutdown.grace=1s");
        using var call = rig.Calls.AsyncDuplexStreamingCall(EchoMethods.BothWays, null, GrpcRig.Options());
        await AskAsync(call, "hello");

        rig.Program.Signal("TERM");
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.NotEqual(StatusCode.DeadlineExceeded, error.StatusCode);
        Assert.Equal(0, await rig.Program.WaitForEndAsync());
    }

    private static async Task AskAsync(AsyncDuplexStreamingCall<string, string> call, string message)
    {
        await call.RequestStream.WriteAsync(message);
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal($"you said {message}", call.ResponseStream.Current);
    }
}
