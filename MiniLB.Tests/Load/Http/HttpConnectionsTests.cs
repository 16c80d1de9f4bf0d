using MiniLB.Load.Engine;
using MiniLB.Load.Http;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Load.Http;

public sealed class HttpConnectionsTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 5)]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length:5\r\nX: 1\r\n\r\nhello", 5)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nA;x=y\r\nlo wonders\r\n0\r\n\r\n", 13)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nTrailer: 1\r\nAnother: 2\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 2)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 0)]
    public async Task Answer_IsTakenWhole_AndTheConnectionKept(string answer, long bytes)
    {
        await using var server = RawBackend.Answering(answer);
        using var connections = Of(server);

        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(new Outcome(null, null, 0, bytes), await connections.RequestAsync(Get(server)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Answer_InPieces_IsTakenWhole(int piece)
    {
        const string Answer =
            "HTTP/1.1 200 OK\r\nX-Backend: b7\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n1\r\ne\r\n0\r\n\r\n";
        await using var server = new RawBackend(async (connection, _) =>
        {
            foreach (var part in Answer.Chunk(piece))
            {
                await connection.SendAsync(new string(part));
            }
        });
        using var connections = Of(server);

        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(new Outcome(null, "b7", 0, 5), await connections.RequestAsync(Get(server)));
        }
    }

    [Fact]
    public async Task LargeHead_AndLargeBody_AreTaken()
    {
        var field = new string('v', 40_000);
        var body = new string('b', 300_000);
        await using var server = RawBackend.Answering(
            $"HTTP/1.1 200 OK\r\nX-Large: {field}\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        using var connections = Of(server);

        Assert.Equal(new Outcome(null, null, 0, 300_000), await connections.RequestAsync(Get(server)));
        Assert.Equal(new Outcome(null, null, 0, 300_000), await connections.RequestAsync(Get(server)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", 13)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 2)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", 2)]
    public async Task ConnectionThatEnds_IsNotUsedAgain(string answer, long bytes)
    {
        await using var server = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync(answer);
            await connection.DisposeAsync();
        });
        using var connections = Of(server);

        Assert.Equal(new Outcome(null, null, 0, bytes), await connections.RequestAsync(Get(server)));
        Assert.Equal(new Outcome(null, null, 0, bytes), await connections.RequestAsync(Get(server)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello", "broken off")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello", "broken off")]
    [InlineData("", "broken off")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", "invalid answer")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "invalid answer")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "invalid answer")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "invalid answer")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "invalid answer")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "invalid answer")]
    [InlineData("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", "status 500")]
    public async Task BadAnswer_IsAFailureWithAName(string answer, string failure)
    {
        await using var server = new RawBackend(async (connection, _) =>
        {
            await connection.SendAsync(answer);
            await connection.DisposeAsync();
        });
        using var connections = Of(server);

        Assert.Equal(failure, (await connections.RequestAsync(Get(server))).Failure);
    }

    [Fact]
    public async Task NobodyThere_IsAFailureWithAName()
    {
        var server = RawBackend.Answering("");
        var request = Get(server);
        using var connections = Of(server);
        await server.DisposeAsync();

        Assert.Equal("not connected", (await connections.RequestAsync(request)).Failure);
    }

    [Fact]
    public async Task KeptConnectionThatTheServerHasClosed_IsReplaced_ButNotForAPost()
    {
        var requests = 0;
        await using var server = new RawBackend(async (connection, _) =>
        {
            // The third request of each connection meets its end.
            if (Interlocked.Increment(ref requests) % 3 == 0)
            {
                await connection.DisposeAsync();
                return;
            }

            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        using var connections = Of(server);

        for (var n = 0; n < 10; n++)
        {
            Assert.Null((await connections.RequestAsync(Get(server))).Failure);
        }

        var post = HttpRequest.Of("POST", Target(server));
        var failures = new List<string?>();
        for (var n = 0; n < 3; n++)
        {
            failures.Add((await connections.RequestAsync(post)).Failure);
        }

        Assert.Equal(1, failures.Count(f => f == "broken off"));
    }

    [Fact]
    public async Task Requests_AreExactlyWhatTheySay()
    {
        await using var server = RawBackend.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var connections = Of(server);
        var target = new HttpTarget(new Uri(server.Url + "/a/b?c=1")).With("bytes=5");

        await connections.RequestAsync(HttpRequest.Of("GET", target));

        Assert.True(server.Heads.TryDequeue(out var head));
        Assert.Equal(
            $"GET /a/b?c=1&bytes=5 HTTP/1.1\r\nHost: {target.Authority}\r\nUser-Agent: minilb-load\r\nAccept: */*\r\n\r\n",
            head);
        Assert.EndsWith(
            "Content-Length: 3\r\n\r\nxxx",
            System.Text.Encoding.ASCII.GetString(HttpRequest.Of("POST", target, 3).Bytes.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackendNames_AreBounded()
    {
        var number = 0;
        await using var server = new RawBackend((connection, _) => connection.SendAsync(
            $"HTTP/1.1 200 OK\r\nX-Backend: {number++}\r\nContent-Length: 0\r\n\r\n"));
        using var connections = Of(server);
        var names = new HashSet<string?>();
        for (var n = 0; n < 300; n++)
        {
            names.Add((await connections.RequestAsync(Get(server))).Backend);
        }

        Assert.Equal(101, names.Count);
        Assert.Contains("others", names);
    }

    private static HttpTarget Target(RawBackend server) => new(new Uri(server.Url));

    private static HttpRequest Get(RawBackend server) => HttpRequest.Of("GET", Target(server));

    private static HttpConnections Of(RawBackend server) => new(Target(server), "X-Backend");
}
