using MiniLB.State;

namespace MiniLB.RequestPath.Forward;

/// <summary>The last targets of one client connection as the Uri objects that SocketsHttpHandler asks for.</summary>
/// <remarks>Clients repeat themselves, and a Uri is the dearest object of a request to make.</remarks>
internal sealed class TargetCache
{
    private const int Slots = 8;

    // Canonicalisation off: what the client sent arrives byte for byte.
    private static readonly UriCreationOptions Raw = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly (Backend? Backend, string Target, Uri Uri)[] _slots = new (Backend?, string, Uri)[Slots];

    public Uri For(Backend backend, string target)
    {
        ref var slot = ref _slots[backend.Index % Slots];
        if (slot.Backend != backend || slot.Target != target)
        {
            // TLS is the connector's matter: to the handler every backend is plain.
            var address = backend.Address;
            var host = address.Host.Contains(':') ? $"[{address.Host}]" : address.Host;
            slot = (backend, target, new Uri($"http://{host}:{address.Port}{target}", Raw));
        }

        return slot.Uri;
    }
}
