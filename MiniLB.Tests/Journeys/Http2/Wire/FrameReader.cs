using System.Buffers.Binary;
using System.Net.Sockets;

namespace MiniLB.Tests.Journeys.Http2.Wire;

/// <summary>Takes frames from a socket.</summary>
internal static class FrameReader
{
    /// <summary>The next frame; null at the end.</summary>
    public static async Task<Frame?> ReadAsync(Socket socket)
    {
        var head = new byte[Frame.HeadLength];
        if (!await FillAsync(socket, head))
        {
            return null;
        }

        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
        var stream = BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue;
        return await FillAsync(socket, payload)
            ? new Frame((FrameType)head[3], (FrameFlags)head[4], stream, payload)
            : null;
    }

    private static async Task<bool> FillAsync(Socket socket, byte[] buffer)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var count = await socket.ReceiveAsync(buffer.AsMemory(filled), SocketFlags.None);
            if (count == 0)
            {
                return false;
            }

            filled += count;
        }

        return true;
    }
}
