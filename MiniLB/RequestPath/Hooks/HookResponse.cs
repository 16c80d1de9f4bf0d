using MiniLB.Wire;

namespace MiniLB.RequestPath.Hooks;

/// <summary>The head of a backend's answer as a hook sees it. To be used during the call that it is handed to, and no
/// longer.</summary>
public sealed class HookResponse
{
    internal HookResponse(ResponseHead head)
    {
        Status = head.Status;
        Headers = new HookHeaders(head.Fields);
    }

    /// <summary>The status code: 101, or 200 to 999.</summary>
    public int Status { get; }

    /// <summary>The header fields that the client gets.</summary>
    public HookHeaders Headers { get; }
}
