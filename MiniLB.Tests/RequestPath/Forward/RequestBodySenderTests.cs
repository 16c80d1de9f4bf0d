using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class RequestBodySenderTests
{
    private const string Sized = "PUT / HTTP/1.1|Host: a|Content-Length: 11";
    private const string Chunked = "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked";

    [Theory]
    [InlineData(Sized, "hello world", "HEAD hello world")]
    [InlineData(Chunked, "5;x\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "HEAD 5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n")]
    [InlineData(Chunked, "0\r\n\r\n", "HEAD 0\r\n\r\n")]
    [InlineData(Chunked, "1\r\na\r\n0\r\nB: c\r\nHost: x\r\nD: e\r\n\r\n",
        "HEAD 1\r\na\r\n0\r\nB: c\r\nD: e\r\n\r\n")]
    public async Task Body_IsSentBehindTheHead(string head, string sent, string told)
    {
        var (request, sender) = Start(head, sent);

        await Eventually(() => sender.IsDone);

        Assert.Equal(told, request.Stream.Told);
        Assert.Equal(ForwardError.ResponseHeadTimeout, request.Exchange.Timer.Cause);
        await sender.StopAsync();
    }

    [Fact]
    public async Task Head_GoesOutBeforeTheBodyIsWaitedFor()
    {
        var (request, sender) = Start(Sized, "");

        await Eventually(() => request.Stream.Told == "HEAD ");

        Assert.False(sender.IsDone || sender.IsTouched);
        Assert.Equal(ForwardError.RequestBodyTimeout, request.Exchange.Timer.Cause);
        await sender.StopAsync();
        Assert.False(sender.IsDone || request.Connection.IsAborted);
    }

    [Theory]
    [InlineData(8 * 1024)]
    [InlineData((8 * 1024) + 1)]
    [InlineData(300_000)]
    public async Task Body_OfManyPieces_ArrivesWhole(int size)
    {
        var body = string.Concat(Enumerable.Range(0, (size / 10) + 1).Select(i => $"{i:000000000} "))[..size];
        var (request, sender) = Start($"PUT / HTTP/1.1|Host: a|Content-Length: {size}", "");
        foreach (var piece in body.Chunk(17_001))
        {
            request.Client.Send(new string(piece));
        }

        await Eventually(() => sender.IsDone);

        Assert.Equal("HEAD " + body, request.Stream.Told);
        Assert.Equal(size, request.Exchange.BytesIn);
    }

    [Theory]
    [InlineData("x\r\n", "RequestBodyInvalid")]
    [InlineData("5\r\nab", "ClientGone")]
    public async Task ClientThatFails_NamesItsError_AndTheBackendNeverSeesAnEnd(string sent, string error)
    {
        var (request, sender) = Start(Chunked, sent);
        request.Client.End();

        await Eventually(() => request.Stream.IsDisposed);
        await sender.StopAsync();

        Assert.Equal(error, sender.ClientError.ToString());
        Assert.False(sender.IsDone);
        Assert.DoesNotContain("0\r\n\r\n", request.Stream.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackendThatTakesNothing_TouchesNothing()
    {
        var (request, sender) = Start(Sized, "", r => r.Stream.BeforeWrite = () => throw new IOException("broken"));
        await sender.StopAsync();

        Assert.False(sender.IsTouched || sender.IsDone);
        Assert.Equal(ForwardError.None, sender.ClientError);
        request.Client.Send("hello world");
        Assert.Equal("hello world", request.Client.Left());
    }

    // The pieces of a body that come while the head cannot be sent are gone for another attempt.
    [Fact]
    public async Task BodyThatWasTaken_WhileTheHeadCouldNotBeSent_IsTouchedOrStillThere()
    {
        // Stopped before the piece was taken, the sender would rightly leave it where it is.
        var taken = new TaskCompletionSource();
        var (request, sender) = Start(Sized, "", r => r.Stream.BeforeWrite = async () =>
        {
            r.Client.Send("hello");
            await Eventually(() => r.Exchange.Body.HasBegun);
            taken.SetResult();
            throw new IOException("a kept connection that has ended");
        });
        await taken.Task;
        await sender.StopAsync();
        request.Client.Input.CancelPendingRead();

        Assert.True(sender.IsTouched || request.Client.Left() == "hello", "bytes were taken and nobody was told");
    }

    [Fact]
    public async Task LargePiece_WhileItIsSent_WaitsForTheBackend()
    {
        var seen = new List<ForwardError>();
        var (request, sender) = Start("PUT / HTTP/1.1|Host: a|Content-Length: 20000", "", r =>
            r.Stream.BeforeWrite = () =>
            {
                seen.Add(r.Exchange.Timer.Cause);
                return Task.CompletedTask;
            });
        await Eventually(() => request.Stream.Told == "HEAD ");
        request.Client.Send(new string('a', 20_000));

        await Eventually(() => sender.IsDone);

        Assert.All(seen, cause => Assert.Equal(ForwardError.RequestBodyNotTaken, cause));
    }

    // 1 MB has come with the head: far above the least rate, so that a pause may last for the read time (15 s).
    [Fact]
    public async Task BytesThatCameAtOnce_CountForTheRate()
    {
        var (request, sender) = Start("PUT / HTTP/1.1|Host: a|Content-Length: 1000001", new string('a', 1_000_000),
            r => r.Exchange.Timer.Begin(TimeSpan.FromSeconds(10)));
        await Eventually(() => request.Stream.Told.Length == "HEAD ".Length + 1_000_000);

        Assert.Equal(ForwardError.TotalTimeout, request.Exchange.Timer.Cause);
        await sender.StopAsync();
    }

    private static (ForwardedRequest Request, RequestBodySender Sender) Start(
        string head, string sent, Action<ForwardedRequest>? prepare = null)
    {
        var request = new ForwardedRequest(head);
        request.Connection.Output.Write("HEAD ");
        request.Client.Send(sent);
        prepare?.Invoke(request);
        var sender = new RequestBodySender(request.Exchange, request.Connection);
        sender.Start();
        return (request, sender);
    }

    private static Task Eventually(Func<bool> condition) =>
        Journeys.Harness.Eventually.True(condition, "the sender has come so far");
}
