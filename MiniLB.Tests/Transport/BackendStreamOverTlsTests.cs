using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

/// <summary>A TLS stream fails in its own way; what it is told as must not differ.</summary>
public sealed class BackendStreamOverTlsTests
{
    [Fact]
    public async Task TlsThatBreaksDuringAWrite_IsAClosedConnection_AsWithoutTls()
    {
        await using var stream = new BackendStream(new BrokenTls());

        var closed = await Assert.ThrowsAsync<BackendClosedException>(
            () => stream.WriteAsync("request"u8.ToArray()).AsTask());

        Assert.True(closed.Sent);
    }

    [Fact]
    public async Task TlsThatEndsWhileAnAnswerIsAwaited_IsAClosedConnection_AsWithoutTls()
    {
        using var tls = new MemoryStream();
        await using var stream = new BackendStream(tls);
        await stream.WriteAsync("request"u8.ToArray());

        Assert.True((await Assert.ThrowsAsync<BackendClosedException>(
            () => stream.ReadAsync(new byte[100]).AsTask())).Sent);
    }

    private sealed class BrokenTls : MemoryStream
    {
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromException(new IOException("broken pipe"));
    }
}
