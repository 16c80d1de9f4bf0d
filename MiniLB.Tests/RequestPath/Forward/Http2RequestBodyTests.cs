using System.Diagnostics;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class Http2RequestBodyTests
{
    private const string Sized = "PUT / HTTP/1.1|Host: a|Content-Length: 11";
    private const string Chunked = "PUT / HTTP/1.1|Host: a|Transfer-Encoding: chunked";

    [Theory]
    [InlineData(Sized, "hello |world", 6)]
    [InlineData(Sized, "|hello world", 0)]
    [InlineData(Sized, "hello world|", 11)]
    [InlineData(Chunked, "6\r\nhello |\r\n5\r\nworld\r\n0\r\nA: b\r\n\r\n", 6)]
    [InlineData(Chunked, "6\r\nhello \r\n5\r\nworld\r\n0\r\nA: b\r\n\r\n|", 11)]
    public async Task BodyBegunAtOneBackend_ArrivesWholeAtTheNext(string head, string sent, int begun)
    {
        var request = Begin(head);
        using var first = new Http2RequestBody(request.Exchange);
        var copying = first.CopyToAsync(request.Stream);
        var cut = sent.IndexOf('|', StringComparison.Ordinal);
        request.Client.Send(sent[..cut]);
        await Eventually(() => request.Stream.Told.Length == begun);
        await EndAsync(first, copying);
        Assert.Equal(begun > 0, first.IsTouched);

        request.Exchange.RewindBody();
        request.NextBackend();
        using var second = new Http2RequestBody(request.Exchange);
        copying = second.CopyToAsync(request.Stream);
        request.Client.Send(sent[(cut + 1)..]);
        await InTime(copying);

        Assert.Equal("hello world", request.Stream.Told);
        Assert.Equal(11, request.Exchange.BytesIn);
    }

    // SocketsHttpHandler does so where a backend has refused the stream.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BodySentAgain_BeginsAtItsStart_OrFails(bool kept)
    {
        var request = Begin(Chunked, kept ? 100 : 0);
        using var body = new Http2RequestBody(request.Exchange);
        var first = body.CopyToAsync(request.Stream);
        request.Client.Send("6\r\nhello \r\n");
        await Eventually(() => request.Stream.Told.Length == 6);
        request.NextBackend();

        var second = body.CopyToAsync(request.Stream);
        request.Client.Send("5\r\nworld\r\n0\r\n\r\n");

        await Assert.ThrowsAnyAsync<Exception>(() => InTime(first));
        Assert.Equal(kept, await Record.ExceptionAsync(() => InTime(second)) is null);
        Assert.Equal(kept ? "hello world" : "", request.Stream.Told);
    }

    // Why it has ended SocketsHttpHandler says a moment later, unless the copying ends first.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CopyingToAStreamThatHasEnded_EndsWithTheAttempt_OrWithTheNextCopying(bool sentAgain)
    {
        var request = Begin(Chunked, 100);
        using var body = new Http2RequestBody(request.Exchange);
        using var stream = new CancellationTokenSource();
        var copying = body.CopyToAsync(request.Stream, stream.Token);
        request.Client.Send("6\r\nhello \r\n");
        await Eventually(() => request.Stream.Told.Length == 6);

        await stream.CancelAsync();

        Assert.False(copying.IsCompleted);
        request.NextBackend();
        var second = sentAgain ? body.CopyToAsync(request.Stream) : body.EndAsync().AsTask();
        request.Client.Send("5\r\nworld\r\n0\r\n\r\n");
        await InTime(second);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTime(copying));
        Assert.Equal(sentAgain ? "hello world" : "", request.Stream.Told);
    }

    [Fact]
    public async Task CopyingToAStreamThatHasEnded_WaitsForTheReason_ForItsTime()
    {
        var request = Begin(Chunked, 100);
        using var body = new Http2RequestBody(request.Exchange);
        using var stream = new CancellationTokenSource();
        var copying = body.CopyToAsync(request.Stream, stream.Token);
        request.Client.Send("6\r\nhello \r\n");
        await Eventually(() => request.Stream.Told.Length == 6);

        var ended = Stopwatch.StartNew();
        await stream.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => InTime(copying));

        // The timer's own clock has steps of some milliseconds.
        Assert.InRange(ended.Elapsed, Http2RequestBody.LongestHold * 0.9, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task BackendThatBreaks_WhileTheClientIsWaitedFor_LeavesNoReadBehind()
    {
        var request = Begin(Sized);
        request.Stream.BeforeFlush = () => throw new IOException("broken");
        using var first = new Http2RequestBody(request.Exchange);
        await Assert.ThrowsAnyAsync<Exception>(() => InTime(first.CopyToAsync(request.Stream)));
        await first.EndAsync();
        Assert.Equal((false, ForwardError.None), (first.IsTouched, first.ClientError));

        request.Exchange.RewindBody();
        request.NextBackend();
        using var second = new Http2RequestBody(request.Exchange);
        var copying = second.CopyToAsync(request.Stream);
        request.Client.Send("hello world");
        await InTime(copying);

        Assert.Equal("hello world", request.Stream.Told);
    }

    [Fact]
    public async Task PieceTakenByACopyingThatWasEnded_IsToldOf()
    {
        var request = Begin(Sized, most: 0);
        using var body = new Http2RequestBody(request.Exchange);
        var taken = new TaskCompletionSource();
        request.Stream.BeforeFlush = () => taken.Task;
        var copying = body.CopyToAsync(request.Stream);
        request.Client.Send("hello");
        await Eventually(() => request.Exchange.Body.HasBegun);
        var end = body.EndAsync().AsTask();
        taken.SetResult();
        await InTime(end);

        Assert.True(body.IsTouched);
        Assert.Equal(("", 5), (request.Stream.Told, request.Exchange.BytesIn));
        await EndAsync(body, copying);
    }

    [Fact]
    public async Task ClientThatFails_NamesItsError()
    {
        var request = Begin(Chunked);
        using var body = new Http2RequestBody(request.Exchange);
        request.Client.Send("5\r\nhello\r\nx");

        await Assert.ThrowsAnyAsync<Exception>(() => InTime(body.CopyToAsync(request.Stream)));

        Assert.Equal(ForwardError.RequestBodyInvalid, body.ClientError);
    }

    private static async Task EndAsync(Http2RequestBody body, Task copying)
    {
        await InTime(body.EndAsync().AsTask());
        await InTime(copying.ContinueWith(static _ => { }, TaskScheduler.Default));
    }

    private static Task InTime(Task task) => task.WaitAsync(TimeSpan.FromSeconds(30));

    private static Task Eventually(Func<bool> condition) =>
        Journeys.Harness.Eventually.True(condition, "the body has come so far");

    private static ForwardedRequest Begin(string head, long most = 100)
    {
        var request = new ForwardedRequest(head);
        request.Exchange.KeepRequestBody(most);
        return request;
    }
}
