using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>One address that a configuration wants served.</summary>
/// <param name="Mode">Permission bits of a unix socket; null leaves them to the umask.</param>
internal sealed record WantedListener(ListenAddress Address, bool IsAdmin, bool Http2, UnixFileMode? Mode)
{
    public static IEnumerable<WantedListener> Of(BalancerOptions options)
    {
        foreach (var listener in options.Listeners)
        {
            yield return new WantedListener(listener.Address, IsAdmin: false, listener.Http2, Mode: null);
        }

        if (options.Admin.Address is { } admin)
        {
            yield return new WantedListener(admin, IsAdmin: true, Http2: false, options.Admin.Mode);
        }
    }

    /// <summary>True where the same socket serves both.</summary>
    public bool IsSameSocket(WantedListener other) => IsAdmin == other.IsAdmin
        && Address.AnyAddress == other.Address.AnyAddress && Address.EndPoint.Equals(other.Address.EndPoint);
}
