using MiniLB.State;
using MiniLB.Transport;

namespace MiniLB.RequestPath.Forward;

/// <summary>A backend connection whose backend knows the client by it: NTLM and Negotiate vouch for a connection, not
/// for a request (RFC 4559 section 5), so that it is never given to another client.</summary>
internal sealed record PersonalConnection(Backend Backend, BackendConnection Connection)
{
    /// <summary>Closes what was kept for the client of an exchange alone.</summary>
    public static void ReleaseAll(Exchange exchange)
    {
        exchange.Personal?.Connection.Retire();
        exchange.Personal = null;
        exchange.Introduced?.Retire();
    }
}
