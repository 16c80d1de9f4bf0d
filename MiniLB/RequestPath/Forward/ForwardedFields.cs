namespace MiniLB.RequestPath.Forward;

/// <summary>What a backend is told about the client.</summary>
internal readonly record struct ForwardedFields(string ForValue, string ProtoValue, string HostValue);
