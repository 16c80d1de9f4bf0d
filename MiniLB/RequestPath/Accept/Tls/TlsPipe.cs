using System.IO.Pipelines;
using System.Net.Security;

namespace MiniLB.RequestPath.Accept.Tls;

/// <summary>What goes through TLS, as the two pipes of a connection.</summary>
internal sealed class TlsPipe(SslStream stream) : IDuplexPipe
{
    // One TLS record (RFC 8446 section 5.1): smaller pieces would be records, with tags and system calls, of their own.
    private const int Record = 16 * 1024;

    // A connection that waits holds no buffer.
    private static readonly StreamPipeReaderOptions Reading =
        new(bufferSize: Record, minimumReadSize: 1024, leaveOpen: true, useZeroByteReads: true);

    private static readonly StreamPipeWriterOptions Writing = new(minimumBufferSize: Record, leaveOpen: true);

    public PipeReader Input { get; } = PipeReader.Create(stream, Reading);

    public PipeWriter Output { get; } = new GoneWriter(PipeWriter.Create(stream, Writing));
}
