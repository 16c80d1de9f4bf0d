using MiniLB.Wire;

namespace MiniLB.RequestPath.Admit;

/// <summary>Tells which requests on a listener MiniLB answers itself.</summary>
internal static class OwnTargets
{
    /// <summary>True for GET and HEAD of the status path; other methods there are the backends' own.</summary>
    public static bool IsStatus(string method, string target, string? statusPath) =>
        statusPath is not null
        && target.StartsWith(statusPath, StringComparison.Ordinal)
        && (target.Length == statusPath.Length || target[statusPath.Length] == '?')
        && (method is "GET" or "HEAD");

    /// <summary>True where an OPTIONS request may go no further (RFC 9110 section 7.6.2).</summary>
    public static bool EndsHere(string method, FieldList fields) =>
        method == "OPTIONS" && HasNoHopLeft(fields);

    public static bool HasNoHopLeft(FieldList fields) => fields.Has(FieldId.MaxForwards)
        && Numbers.TryDecimal(fields.First(FieldId.MaxForwards), out var hops) && hops == 0;

    /// <summary>OPTIONS * asks about the server itself (RFC 9110 section 9.3.7), and we are the server.</summary>
    public static bool IsOptionsOfServer(string method, string target) => method == "OPTIONS" && target == "*";
}
