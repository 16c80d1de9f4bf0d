using System.Net.Sockets;

namespace MiniLB.Transport;

/// <summary>The path of a unix socket, which outlives it.</summary>
internal static class SocketPath
{
    /// <summary>Deletes it where that is allowed: one that stays behind is taken away by who listens there
    /// next.</summary>
    public static void Delete(UnixDomainSocketEndPoint endpoint)
    {
        try
        {
            File.Delete(endpoint.ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its folder is gone, or somebody else's: no reason to cut off clients.
        }
    }
}
