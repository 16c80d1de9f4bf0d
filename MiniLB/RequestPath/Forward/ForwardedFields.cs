namespace MiniLB.RequestPath.Forward;

/// <summary>What a backend is told about the client.</summary>
/// <param name="ListValue">That of Forwarded (RFC 7239); null where it is not sent.</param>
internal readonly record struct ForwardedFields(
    string ForValue, string ProtoValue, string HostValue, string? ListValue = null);
