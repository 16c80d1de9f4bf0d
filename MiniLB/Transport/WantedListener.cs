using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Transport;

/// <summary>One address that a configuration wants served.</summary>
/// <param name="Address">Where.</param>
/// <param name="IsAdmin">Whether operators are served there.</param>
/// <param name="Mode">Permission bits of a unix socket; null leaves them to the umask.</param>
/// <param name="Options">How clients are served.</param>
internal sealed record WantedListener(ListenAddress Address, bool IsAdmin, UnixFileMode? Mode, ListenerOptions Options)
{
    public static IEnumerable<WantedListener> Of(BalancerOptions options)
    {
        foreach (var listener in options.Listeners)
        {
            yield return new WantedListener(listener.Address, IsAdmin: false, Mode: null, listener);
        }

        if (options.Admin is { Address: { } admin, Tls: var tls })
        {
            yield return new WantedListener(admin, IsAdmin: true, options.Admin.Mode,
                new ListenerOptions { Address = admin, Http2 = false, Tls = tls });
        }
    }

    /// <summary>True where the same socket serves both.</summary>
    public bool IsSameSocket(WantedListener other) => IsAdmin == other.IsAdmin
        && Address.AnyAddress == other.Address.AnyAddress && Address.EndPoint.Equals(other.Address.EndPoint);

    /// <summary>The same, with the TLS of an earlier one where that is no other: what was made of it, and the sessions
    /// that clients may resume, go on.</summary>
    public WantedListener After(WantedListener before) => Options.Tls == before.Options.Tls
        ? this with { Options = Options with { Tls = before.Options.Tls } }
        : this;
}
