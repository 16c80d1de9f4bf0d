using System.Buffers;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Writes one entry as one line.</summary>
internal interface IAccessLogFormat
{
    void Write(in AccessLogEntry entry, IBufferWriter<byte> output);
}
