namespace MiniLB.Load.Http;

/// <summary>What came back.</summary>
/// <param name="Backend">The value of the field that names who answered; null where there is none.</param>
/// <param name="BodyBytes">Bytes of the body, without its framing.</param>
/// <param name="IsKept">True where the connection can take another request.</param>
internal readonly record struct HttpAnswer(int Status, string? Backend, long BodyBytes, bool IsKept);
