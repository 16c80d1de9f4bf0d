namespace MiniLB.RequestPath.Forward;

/// <summary>What a backend is told about the client.</summary>
internal readonly record struct ForwardedFields(string ForValue, string ProtoValue, string HostValue)
{
    public const string For = "X-Forwarded-For";
    public const string Proto = "X-Forwarded-Proto";
    public const string Host = "X-Forwarded-Host";
    public const string RequestId = "X-Request-Id";
}
