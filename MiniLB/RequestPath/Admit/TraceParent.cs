using System.Buffers;
using System.Text;

namespace MiniLB.RequestPath.Admit;

/// <summary>The traceparent field (W3C Trace Context, level 1): which trace a request belongs to, and who sent
/// it.</summary>
internal readonly record struct TraceParent(string TraceId, string ParentId, bool IsSampled)
{
    private const int TraceIdAt = 3;
    private const int ParentIdAt = 36;
    private const int FlagsAt = 53;
    private const int Length = 55;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    public static bool TryParse(ReadOnlySpan<byte> text, out TraceParent parent)
    {
        parent = default;
        if (text.Length < Length || text[2] != '-' || text[ParentIdAt - 1] != '-' || text[FlagsAt - 1] != '-')
        {
            return false;
        }

        var version = text[..2];
        var traceId = text[TraceIdAt..(ParentIdAt - 1)];
        var parentId = text[ParentIdAt..(FlagsAt - 1)];
        var flags = text[FlagsAt..Length];
        // Of a later version, what this one knows stands at its beginning (section 3.2.2.5).
        var endsWell = text.Length == Length || (!version.SequenceEqual("00"u8) && text[Length] == '-');
        if (!endsWell || version.SequenceEqual("ff"u8) || !AreDigits(version) || !IsId(traceId) || !IsId(parentId)
            || !AreDigits(flags))
        {
            return false;
        }

        parent = new TraceParent(
            Encoding.ASCII.GetString(traceId), Encoding.ASCII.GetString(parentId), (HexValue(flags[1]) & 1) == 1);
        return true;
    }

    // Other flags than the one known are to be sent as 0 (section 3.2.2.5.2).
    public override string ToString() => $"00-{TraceId}-{ParentId}-{(IsSampled ? "01" : "00")}";

    private static bool AreDigits(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Digits);

    private static bool IsId(ReadOnlySpan<byte> text) => AreDigits(text) && text.ContainsAnyExcept((byte)'0');

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}
