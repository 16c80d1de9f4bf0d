using System.Buffers;
using System.IO.Pipelines;
using MiniLB.Async;
using MiniLB.State;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>Tells HTTP/2 with prior knowledge from HTTP/1.x by the first bytes of a connection (RFC 9113 section
/// 3.4).</summary>
internal static class Http2Preface
{
    /// <summary>Bytes.</summary>
    public const int Length = 24;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Waits for as many bytes as it takes to tell, and leaves them in the input.</summary>
    public static async FrameTask<bool> IsNextAsync(PipeReader input, ClientConnection connection)
    {
        while (true)
        {
            var result = await input.ReadAsync();
            var buffer = result.Buffer;
            var length = (int)Math.Min(buffer.Length, Length);
            var matches = Matches(buffer.Slice(0, length));
            var decided = !matches || length == Length || result.IsCompleted || connection.IsToEnd;
            input.AdvanceTo(buffer.Start, decided ? buffer.Start : buffer.End);
            if (decided)
            {
                return matches && length == Length;
            }

            if (length > 0)
            {
                connection.BeginHead();
            }
        }
    }

    private static bool Matches(in ReadOnlySequence<byte> start)
    {
        Span<byte> copy = stackalloc byte[Length];
        start.CopyTo(copy);
        return Preface.StartsWith(copy[..(int)start.Length]);
    }
}
