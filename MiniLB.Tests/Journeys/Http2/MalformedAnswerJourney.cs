using MiniLB.Tests.Journeys.Harness;
using MiniLB.Tests.Journeys.Http2.Backends;

namespace MiniLB.Tests.Journeys.Http2;

/// <summary>Between HTTP/2 backends and HTTP/1.1 clients nothing passes that either of them could read another way.
/// </summary>
public sealed class MalformedAnswerJourney
{
    [Theory]
    [InlineData("200", "2", "200 OK")]
    [InlineData("099", "2", "502 Bad Gateway")]
    [InlineData("000", "", "502 Bad Gateway")]
    [InlineData("200", "2 4", "502 Bad Gateway")]
    [InlineData("200", "2 2", "502 Bad Gateway")]
    [InlineData("200", "x", "502 Bad Gateway")]
    public async Task AnswerWithoutAFinalStatus_OrWithLengthsThatDiffer_IsRefused(
        string status, string lengths, string answer)
    {
        await using var backend = new RefusingBackend(0, 0)
        {
            Answer =
            [
                (":status", status),
                .. lengths.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(l => ("content-length", l)),
            ],
        };
        await using var program = await BalanceAsync(backend);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: h\r\n\r\n");

        var (head, body) = await client.ReadResponseAsync();
        Assert.StartsWith($"HTTP/1.1 {answer}\r\n", head, StringComparison.Ordinal);
        Assert.Equal(answer == "200 OK", body == "ab");
    }

    [Fact]
    public async Task HostThatNoUrlHas_IsAnswered400_AndBlamesNobody()
    {
        await using var backend = new RefusingBackend(0, 0);
        await using var program = await BalanceAsync(backend);
        await using var client = await RawConnection.OpenAsync(program.Url);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a!b\r\n\r\n");
        var (head, _) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 400 ", head, StringComparison.Ordinal);
        Assert.Empty(backend.Streams);
        Assert.DoesNotContain("Exception", program.Errors, StringComparison.Ordinal);
    }

    private static Task<RunningProgram> BalanceAsync(RefusingBackend backend) => RunningProgram.BalanceAsync(
        "--backend", backend.Url, "--set", "pools.default.http=2", "--set", "pools.default.healthCheck.enabled=false");
}
