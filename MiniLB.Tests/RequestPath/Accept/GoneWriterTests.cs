using System.IO.Pipelines;
using MiniLB.RequestPath.Accept;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class GoneWriterTests
{
    [Fact]
    public async Task Flush_ToAClientThatHasGone_IsCompleteAndNoException()
    {
        var writer = new GoneWriter(PipeWriter.Create(new BrokenStream()));
        writer.GetSpan(1)[0] = 1;
        writer.Advance(1);

        Assert.True((await writer.FlushAsync()).IsCompleted);
    }

    [Fact]
    public async Task Flush_ToAClientThatIsThere_WritesAndGoesOn()
    {
        using var stream = new MemoryStream();
        var writer = new GoneWriter(PipeWriter.Create(stream));
        writer.GetSpan(1)[0] = 7;
        writer.Advance(1);

        Assert.False((await writer.FlushAsync()).IsCompleted);
        Assert.Equal([7], stream.ToArray());
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("the client has gone"));
    }
}
