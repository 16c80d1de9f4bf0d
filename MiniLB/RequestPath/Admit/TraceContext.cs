using System.Buffers.Binary;
using System.Text;
using MiniLB.RequestPath.Forward;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Admit;

/// <summary>The trace that a request belongs to, and this program's span in it.</summary>
internal sealed class TraceContext
{
    private static readonly byte[] ParentName = "traceparent"u8.ToArray();
    private static readonly byte[] StateName = "tracestate"u8.ToArray();

    private TraceContext(string traceId, string? parentId, bool isSampled) =>
        (TraceId, ParentId, IsSampled) = (traceId, parentId, isSampled);

    public string TraceId { get; }

    public string SpanId { get; } = Hex(RandomId());

    /// <summary>The span of whoever sent the request; null where the trace begins here.</summary>
    public string? ParentId { get; }

    /// <summary>What others have written about the trace, all lines of it; null where there is nothing.</summary>
    public string? State { get; private init; }

    /// <summary>True where its spans are recorded.</summary>
    public bool IsSampled { get; }

    /// <summary>Goes on with the trace of the request, or begins one.</summary>
    /// <param name="fields">What was received.</param>
    /// <param name="isTrusted">Whether the sender is a trusted proxy. Anybody else could have everything recorded, or
    /// write into the traces of others: their trace ends here, as their X-Request-Id does.</param>
    /// <param name="sample">The fraction of traces that begin here and are recorded.</param>
    public static TraceContext Of(FieldList fields, bool isTrusted, double sample)
    {
        if (isTrusted && Lines(fields, ParentName) is [var line] && TraceParent.TryParse(line, out var parent))
        {
            var state = Lines(fields, StateName);
            return new TraceContext(parent.TraceId, parent.ParentId, parent.IsSampled)
            {
                State = state.Count == 0 ? null : string.Join(',', state.Select(Encoding.Latin1.GetString)),
            };
        }

        // The lower half decides, as in OpenTelemetry's TraceIdRatioBased.
        var low = RandomId();
        return new TraceContext(Hex(RandomId()) + Hex(low), parentId: null, (low >> 11) * Math.ScaleB(1, -53) < sample);
    }

    /// <summary>Makes of the fields received those that are passed on: the same trace, and us as the sender.</summary>
    public void PassOn(FieldList fields)
    {
        FieldChanges.Remove(fields, ParentName);
        if (ParentId is null)
        {
            FieldChanges.Remove(fields, StateName); // it belongs to the traceparent that was not taken
        }

        var parent = new TraceParent(TraceId, SpanId, IsSampled).ToString();
        Span<byte> bytes = stackalloc byte[parent.Length];
        Encoding.ASCII.GetBytes(parent, bytes);
        FieldChanges.Add(fields, ParentName, bytes);
    }

    private static List<byte[]> Lines(FieldList fields, ReadOnlySpan<byte> name)
    {
        var lines = new List<byte[]>();
        for (var i = 0; i < fields.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(fields[i].Name, name))
            {
                lines.Add(fields[i].Value.ToArray());
            }
        }

        return lines;
    }

    // 0 means none (section 3.2.2.3).
    private static ulong RandomId()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        ulong id;
        do
        {
            Random.Shared.NextBytes(bytes);
            id = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        }
        while (id == 0);

        return id;
    }

    private static string Hex(ulong id) => id.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
