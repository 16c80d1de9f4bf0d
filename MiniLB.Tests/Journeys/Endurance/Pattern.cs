namespace MiniLB.Tests.Journeys.Endurance;

/// <summary>Bytes that can be made and checked at any position, as fast as memory allows.</summary>
internal static class Pattern
{
    // Not a multiple of any buffer's size: bytes that are lost, doubled or moved do not fit any more.
    private const int Period = (1 << 20) - 3;

    private static readonly byte[] Twice = Make();

    /// <summary>At most a period of the bytes from a position on.</summary>
    public static ReadOnlyMemory<byte> At(long position, int length) =>
        Twice.AsMemory((int)(position % Period), Math.Min(length, Period));

    /// <summary>Reads to the end; the number of bytes, all of them right.</summary>
    public static async Task<long> CheckAsync(Stream stream, CancellationToken cancellation)
    {
        var buffer = new byte[256 * 1024];
        var position = 0L;
        while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            var right = At(position, count).Span.SequenceEqual(buffer.AsSpan(0, count));
            Assert.True(right, $"wrong bytes between {position} and {position + count}");
            position += count;
        }

        return position;
    }

    public static async Task WriteAsync(Stream stream, long length, CancellationToken cancellation)
    {
        for (var position = 0L; position < length;)
        {
            var part = At(position, (int)Math.Min(128 * 1024, length - position));
            await stream.WriteAsync(part, cancellation);
            position += part.Length;
        }
    }

    private static byte[] Make()
    {
        var once = new byte[Period];
        new Random(20).NextBytes(once);
        return [.. once, .. once];
    }
}
