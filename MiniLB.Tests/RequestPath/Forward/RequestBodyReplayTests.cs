using MiniLB.RequestPath.Forward;
using MiniLB.Transport;

namespace MiniLB.Tests.RequestPath.Forward;

/// <summary>A body that was begun is given to another backend, whole.</summary>
public sealed class RequestBodyReplayTests
{
    private const string Sized = "PUT / HTTP/1.1|Host: a|Content-Length: 11";
    private const string Chunked = "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked";
    private const string Ending = "\r\n0\r\nA: b\r\nHost: x\r\nC: d\r\n\r\n";
    private const long Limit = 64 * 1024;


    // What the client has sent before the first backend broke, and after; | parts the two.
    [Theory]
    [InlineData(Sized, "|hello world", "hello world")]
    [InlineData(Sized, "h|ello world", "hello world")]
    [InlineData(Sized, "hello worl|d", "hello world")]
    [InlineData(Sized, "hello world|", "hello world")]
    [InlineData(Chunked, "|5\r\nhello" + Ending, "5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n")]
    [InlineData(Chunked, "5\r\nhe|llo" + Ending, "2\r\nhe\r\n3\r\nllo\r\n0\r\nA: b\r\nC: d\r\n\r\n")]
    [InlineData(Chunked, "5\r\nhello|" + Ending, "5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n")]
    [InlineData(Chunked, "5\r\nhello\r\n0\r\nA: |b\r\n\r\n", "5\r\nhello\r\n0\r\nA: b\r\n\r\n")]
    [InlineData(Chunked, "5\r\nhello" + Ending + "|", "5\r\nhello\r\n0\r\nA: b\r\nC: d\r\n\r\n")]
    [InlineData(Chunked, "0\r\n\r\n|", "0\r\n\r\n")]
    public async Task BodyBegunAtOneBackend_ArrivesWholeAtTheNext(string head, string sent, string told)
    {
        var request = Begin(head);
        var first = Start(request, "FIRST ");
        var cut = sent.IndexOf('|', StringComparison.Ordinal);
        request.Client.Send(sent[..cut]);
        var due = head == Sized ? cut : DecodedBody.Of(sent[..cut]).Data.Length;
        await Eventually(() => request.Exchange.BytesIn == due && request.Stream.Told.Length >= "FIRST ".Length + due);
        await BreakAsync(request, first);

        var second = Start(request, "SECOND ");
        request.Client.Send(sent[(cut + 1)..]);
        await Eventually(() => second.IsDone);
        await second.StopAsync();

        Assert.Equal("SECOND " + told, request.Stream.Told);
        Assert.Equal(head == Sized ? 11 : DecodedBody.Of(told).Data.Length, request.Exchange.BytesIn);
        Assert.Equal(ForwardError.ResponseHeadTimeout, request.Exchange.Timer.Cause);
    }

    [Fact]
    public async Task LargePiece_ThatCouldNotBeSent_IsSentToTheNext()
    {
        var body = new string('a', 30_000) + new string('b', 30_000);
        var request = Begin("PUT / HTTP/1.1|Host: a|Content-Length: 60000");
        var breaks = false;
        request.Stream.BeforeWrite = () => breaks ? throw new IOException("broken") : Task.CompletedTask;
        var first = Start(request, "HEAD ");
        await Eventually(() => request.Stream.Told == "HEAD ");
        breaks = true;
        request.Client.Send(body);
        await Eventually(() => request.Exchange.BytesIn > 0);
        await BreakAsync(request, first);

        var second = Start(request, "");
        await Eventually(() => second.IsDone);

        Assert.Equal(body, request.Stream.Told);
    }

    // The read is pending when the head cannot be sent; what it then yields is kept.
    [Fact]
    public async Task PieceThatCame_WhileTheHeadCouldNotBeSent_IsSentToTheNext()
    {
        var request = Begin(Sized);
        request.Stream.BeforeWrite = async () =>
        {
            request.Client.Send("hello");
            await Eventually(() => request.Exchange.Body.HasBegun);
            throw new IOException("a kept connection that has ended");
        };
        var first = Start(request, "HEAD ");
        await Eventually(() => request.Exchange.Body.HasBegun);
        await BreakAsync(request, first);

        var second = Start(request, "HEAD ");
        request.Client.Send(" world");
        await Eventually(() => second.IsDone);

        Assert.Equal("HEAD hello world", request.Stream.Told);
    }

    [Fact]
    public async Task BodyPastTheLimit_CanNotBeReplayed_AndStillArrivesWhole()
    {
        var request = Begin(Chunked, most: 10);
        var sender = Start(request, "");
        request.Client.Send("a\r\n0123456789\r\n");
        await Eventually(() => request.Exchange.BytesIn == 10);
        request.Client.Send("1\r\nx\r\n0\r\n\r\n");
        await Eventually(() => sender.IsDone);

        Assert.False(request.Exchange.CanRewindBody);
        Assert.Equal(new DecodedBody("0123456789x", "", true), DecodedBody.Of(request.Stream.Told));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    public async Task BodyAnnouncedAsTooLong_IsNotKeptAtAll(long most)
    {
        var request = Begin(Sized, most);
        var sender = Start(request, "");
        request.Client.Send("hello world");
        await Eventually(() => sender.IsDone);

        Assert.Same(request.Exchange.Body, request.Exchange.RequestBody);
        Assert.False(request.Exchange.CanRewindBody);
        await sender.StopAsync();
    }

    [Fact]
    public async Task BodyThatIsBrokenByTheClient_NamesItsError_AtTheSecondBackendToo()
    {
        var request = Begin(Chunked);
        var first = Start(request, "");
        request.Client.Send("5\r\nhello\r\n");
        await Eventually(() => request.Exchange.BytesIn == 5);
        await BreakAsync(request, first);

        var second = Start(request, "");
        request.Client.Send("nonsense\r\n");
        await Eventually(() => request.Stream.IsDisposed);
        await second.StopAsync();

        Assert.Equal(ForwardError.RequestBodyInvalid, second.ClientError);
        Assert.DoesNotContain("0\r\n\r\n", request.Stream.Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerThatIsTheClients_EndsTheKeeping()
    {
        var request = Begin(Sized);
        var sender = Start(request, "");
        request.Client.Send("hello");
        await Eventually(() => request.Stream.Told == "hello");
        Assert.True(request.Exchange.CanRewindBody);
        request.Answer("HTTP/1.1 200 OK|Content-Length: 0");

        Assert.False(request.Exchange.RefusesAnswer());

        Assert.False(request.Exchange.CanRewindBody);
        request.Client.Send(" world");
        await Eventually(() => sender.IsDone);
        Assert.Equal("hello world", request.Stream.Told);
    }

    // The second backend answers before it takes the body that is sent to it again.
    [Fact]
    public async Task AnswerThatIsTheClients_WhileTheBodyIsSentAgain_LeavesItWhole()
    {
        var body = new string('a', 20_000);
        var request = Begin("PUT / HTTP/1.1|Host: a|Content-Length: 20000");
        var first = Start(request, "");
        request.Client.Send(body);
        await Eventually(() => first.IsDone);
        await BreakAsync(request, first);
        var takes = new TaskCompletionSource();
        request.Stream.BeforeWrite = () => takes.Task;
        var second = Start(request, "HEAD ");
        request.Answer("HTTP/1.1 200 OK|Content-Length: 0");

        Assert.False(request.Exchange.RefusesAnswer());
        takes.SetResult();
        await Eventually(() => second.IsDone);

        Assert.Equal("HEAD " + body, request.Stream.Told);
    }

    [Fact]
    public async Task BackendThatReadsNothing_InBetween_ChangesNoCount()
    {
        var request = Begin(Sized);
        var first = Start(request, "");
        request.Client.Send("hello ");
        await Eventually(() => request.Exchange.BytesIn == 6);
        await BreakAsync(request, first);
        request.Exchange.RewindBody(); // no connection could be made
        Assert.Equal(6, request.Exchange.BytesIn);

        var third = Start(request, "");
        request.Client.Send("world");
        await Eventually(() => third.IsDone);

        Assert.Equal(("hello world", 11), (request.Stream.Told, request.Exchange.BytesIn));
    }

    [Fact]
    public async Task ClientThatGoes_WhileItsBodyIsSentAgain_EndsTheExchange()
    {
        var request = Begin("PUT / HTTP/1.1|Host: a|Content-Length: 20001");
        var first = Start(request, "");
        request.Client.Send(new string('a', 20_000));
        await Eventually(() => request.Stream.Told.Length == 20_000);
        await BreakAsync(request, first);
        var attempt = new Http1Attempt(request.Exchange, Sample.Backend(), request.Connection);
        request.Stream.BeforeWrite = async () =>
        {
            if (request.Stream.Told.Length > 0)
            {
                await Eventually(() => request.Connection.IsAborted);
            }
        };
        // As the forwarder does it.
        await using var ends = request.Exchange.Timer.Token.UnsafeRegister(
            static c => ((BackendConnection)c!).Dispose(), request.Connection);
        var running = attempt.RunAsync();
        await Eventually(() => request.Stream.Told.Length > 0);
        request.Exchange.Timer.ClientHasGone();

        var (result, keeps) = await running;

        Assert.Equal((ForwardError.ClientGone, false), (result.Error, keeps));
        Assert.DoesNotContain("aaa", request.Stream.Told, StringComparison.Ordinal);
        request.Exchange.End();
    }

    // A sender that is stopped wherever it stands leaves no wake-up by which the next would lose or repeat a byte.
    [Fact]
    public async Task SenderStoppedWhileItSendsAgain_LeavesTheBodyWhole()
    {
        var request = Begin("PUT / HTTP/1.1|Host: a|Content-Length: 20001");
        var first = Start(request, "");
        request.Client.Send(new string('a', 20_000));
        await Eventually(() => request.Stream.Told.Length == 20_000);
        await BreakAsync(request, first);
        request.Stream.BeforeWrite = async () => await Eventually(() => request.Connection.IsAborted);
        await BreakAsync(request, Start(request, ""));

        var third = Start(request, "");
        request.Client.Send("b");
        await Eventually(() => third.IsDone);

        Assert.Equal(new string('a', 20_000) + "b", request.Stream.Told);
        Assert.Equal(20_001, request.Exchange.BytesIn);
    }

    private static RequestBodySender Start(ForwardedRequest request, string head)
    {
        request.Connection.Output.Write(head);
        var sender = new RequestBodySender(request.Exchange, request.Connection);
        sender.Start();
        return sender;
    }

    private static async Task BreakAsync(ForwardedRequest request, RequestBodySender sender)
    {
        request.Connection.Dispose();
        await sender.StopAsync();
        Assert.Equal(ForwardError.None, sender.ClientError);
        Assert.True(request.Exchange.CanRewindBody);
        request.Exchange.RewindBody();
        request.NextBackend();
    }

    private static Task Eventually(Func<bool> condition) =>
        Journeys.Harness.Eventually.True(condition, "the body has come so far");

    private static ForwardedRequest Begin(string head, long most = Limit)
    {
        var request = new ForwardedRequest(head);
        request.Exchange.KeepRequestBody(most);
        return request;
    }
}
