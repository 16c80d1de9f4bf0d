using System.Net;

namespace MiniLB.RequestPath.Forward;

/// <summary>A request body of length 0, said so by the client or needed to carry a field such as
/// Content-Type.</summary>
internal sealed class EmptyContent : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }
}
