using MiniLB.State;

namespace MiniLB.RequestPath.Forward;

/// <summary>The request that one attempt sends, with what its connection callback needs to know and reports
/// back.</summary>
internal sealed class BackendRequest(HttpMethod method, Uri target, Backend backend)
    : HttpRequestMessage(method, target)
{
    public Backend Backend { get; } = backend;

    /// <summary>How long the connection took that was made for this request; zero where a kept one was used.</summary>
    public TimeSpan ConnectTime { get; set; }
}
