using System.Globalization;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Forward;

/// <summary>How many hops a request may still go (RFC 9110 section 7.6.2).</summary>
internal static class HopLimit
{
    /// <returns>What the next hop is told in place of a Max-Forwards that counts; null to leave the field as it
    /// is.</returns>
    public static string? Next(string method, in FieldLine field) =>
        field.Id == FieldId.MaxForwards && method is "OPTIONS" or "TRACE"
        && Numbers.TryDecimal(field.Value, out var hops) && hops > 0
            ? (hops - 1).ToString(CultureInfo.InvariantCulture)
            : null;
}
