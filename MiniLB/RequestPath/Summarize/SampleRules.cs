using System.IO.Hashing;
using System.Runtime.InteropServices;
using MiniLB.RequestPath.Forward;

namespace MiniLB.RequestPath.Summarize;

/// <summary>Which requests the access log leaves out.</summary>
internal static class SampleRules
{
    /// <summary>Decided by the request id and not by chance: instances behind one another write the same requests, and
    /// an id that is in one log can be looked for in the next. What has failed is always written.</summary>
    public static bool IsWritten(Exchange exchange, double sample) =>
        sample >= 1 || HasFailed(exchange) || IsAmong(exchange.RequestId, sample);

    /// <summary>True for that fraction of all ids.</summary>
    internal static bool IsAmong(string requestId, double sample) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(requestId.AsSpan())) < sample * ulong.MaxValue;

    private static bool HasFailed(Exchange exchange) =>
        exchange.Outcome != ForwardError.None || exchange.Status >= StatusCodes.Status500InternalServerError;
}
