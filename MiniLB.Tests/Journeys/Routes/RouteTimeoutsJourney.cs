using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Routes;

/// <summary>A route's time limits hold in place of its pool's, for its own requests alone.</summary>
public sealed class RouteTimeoutsJourney
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";

    [Theory]
    [InlineData("responseHeaders")]
    [InlineData("total")]
    public async Task BackendThatTakesLonger_IsAnswered504_OnTheRouteWithTheLimit(string limit)
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new RawBackend(async (connection, _) =>
        {
            await goOn.Task;
            await connection.SendAsync(Head + "hello");
        });
        await using var routed = await RoutedProgram.StartAsync(
            $$"""{"path": "/fast", "pool": "a", "timeouts": {"{{limit}}": "200ms"} }, {"pool": "a"}""",
            ("a", backend.Url, "\"retry\": {\"attempts\": 1}"));
        var slow = routed.AskAsync("GET /slow");
        await Eventually.True(() => backend.Heads.Count == 1, "the request at the backend");

        Assert.Equal("504 backend-timeout", await routed.AskAsync("GET /fast"));
        Assert.False(slow.IsCompleted);
        goOn.SetResult();
        Assert.Equal("200 hello", await slow);
    }

    [Fact]
    public async Task BodyThatStalls_IsBrokenOff_OnTheRouteWithTheLimit()
    {
        await using var backend = new RawBackend((connection, _) => connection.SendAsync(Head + "hel"));
        await using var routed = await RoutedProgram.StartAsync(
            """{"pool": "a", "timeouts": {"idle": "200ms"}}""", ("a", backend.Url, ""));
        await using var client = await RawConnection.OpenAsync(routed.Program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        Assert.EndsWith("\r\n\r\nhel", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RouteWithALongerLimitThanItsPool_HasIt()
    {
        var fast = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var backend = new RawBackend(async (connection, head) =>
        {
            if (head.StartsWith("GET /slow", StringComparison.Ordinal))
            {
                await fast.Task;
                await connection.SendAsync(Head + "hello");
            }
        });
        await using var routed = await RoutedProgram.StartAsync(
            """{"path": "/slow", "pool": "a", "timeouts": {"responseHeaders": 0}}, {"pool": "a"}""",
            ("a", backend.Url, "\"timeouts\": {\"responseHeaders\": \"200ms\"}, \"retry\": {\"attempts\": 1}"));
        var slow = routed.AskAsync("GET /slow");
        await Eventually.True(() => backend.Heads.Count == 1, "the request at the backend");

        Assert.Equal("504 backend-timeout", await routed.AskAsync("GET /fast"));

        fast.SetResult();
        Assert.Equal("200 hello", await slow);
    }
}
