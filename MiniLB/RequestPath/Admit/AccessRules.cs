using System.Net;
using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Admit;

/// <summary>Decides whether a client may come in at all.</summary>
internal static class AccessRules
{
    /// <param name="client">The address; null behind a unix socket, whose file says by its permissions who may
    /// connect.</param>
    /// <param name="access">What the operator wrote.</param>
    public static bool MayEnter(IPAddress? client, AccessOptions access) =>
        client is null || (!access.Deny.Contains(client) && (access.Allow.IsEmpty || access.Allow.Contains(client)));
}
