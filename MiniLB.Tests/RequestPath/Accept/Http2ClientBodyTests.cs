using System.IO.Pipelines;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class Http2ClientBodyTests
{
    private readonly Pipe _client = new();

    [Fact]
    public async Task BodyOfTheLimit_IsReadWhole_HoweverItIsConsumed()
    {
        var body = new Http2ClientBody(_client.Reader, 4);
        await _client.Writer.WriteAsync("bo"u8.ToArray());
        var first = await body.ReadAsync();
        body.AdvanceTo(first.Buffer.GetPosition(1), first.Buffer.End);
        await _client.Writer.WriteAsync("dy"u8.ToArray());
        await _client.Writer.CompleteAsync();

        Assert.True(body.TryRead(out var second));

        Assert.Equal((2, 3), (first.Buffer.Length, second.Buffer.Length));
        body.AdvanceTo(second.Buffer.End);
        Assert.True((await body.ReadAsync()).IsCompleted);
    }

    /// <summary>Readers of bodies look for the error where they await, not where they ask.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OneByteMore_IsAnErrorOfTheRead_BeforeItWasPassedOn(bool isThere)
    {
        var body = new Http2ClientBody(_client.Reader, 3);
        var read = isThere ? default : body.ReadAsync();
        await _client.Writer.WriteAsync("body"u8.ToArray());
        read = isThere ? body.ReadAsync() : read;

        var error = await Assert.ThrowsAsync<RequestBodyException>(async () => await read);

        Assert.Equal(ForwardError.RequestBodyTooLarge, error.Error);
    }

    [Fact]
    public async Task CancellingTheReadingOfAnAbortedStream_IsNoError_AndTheReadHasItsOwn()
    {
        var body = new Http2ClientBody(new AbortedReader(), 3);

        body.CancelPendingRead();

        await Assert.ThrowsAsync<IOException>(async () => await body.ReadAsync());
    }

    /// <summary>As Kestrel's after the stream was aborted.</summary>
    private sealed class AbortedReader : PipeReader
    {
        private static readonly IOException Aborted = new("The request stream was aborted.");

        public override void CancelPendingRead() => throw Aborted;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
            ValueTask.FromException<ReadResult>(Aborted);

        public override bool TryRead(out ReadResult result) => throw Aborted;

        public override void AdvanceTo(SequencePosition consumed) => throw Aborted;

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw Aborted;

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
