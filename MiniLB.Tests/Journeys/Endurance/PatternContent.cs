using System.Net;

namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>A request body of patterned bytes, sent with or without its length.</summary>
internal sealed class PatternContent(long length, bool chunked) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        Pattern.WriteAsync(stream, length, CancellationToken.None);

    protected override Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        Pattern.WriteAsync(stream, length, cancellationToken);

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return !chunked;
    }
}
