using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the keys of the admin address their meaning.</summary>
internal static class AdminBinder
{
    private const int LeastToken = 16;

    private static readonly string ExpectedToken =
        $"at least {LeastToken} printable ASCII characters without blanks, such as `openssl rand -hex 32` makes";

    public static AdminOptions Bind(ConfigSection section)
    {
        var defaults = new AdminOptions();
        var options = new AdminOptions
        {
            Address = section.Optional<ListenAddress?>(
                "address", defaults.Address, TryParseAddress, ListenAddress.Expected + ", or off"),
            Token = section.Secret("token", IsToken, ExpectedToken),
            Hosts = section.List<string>("hosts", TryParseHostName, "a host name without a port"),
            Mode = section.Value("mode", defaults.Mode, TryParseMode, "three octal digits such as \"0600\"",
                mode => "0" + Convert.ToString((int)mode, 8)),
            Tls = ListenerBinder.Tls(section),
            PublicMetrics = section.Flag("publicMetrics", defaults.PublicMetrics),
        };
        // A token that is wrong has been said: then it is not missing.
        if (options.Address is { IsLocal: false } address && section.Node("token") is null or { Text: null })
        {
            section.Errors.Add(section.Node("address")!.Origin, section.PathOf("address"),
                $"'{address.Text}' can be reached from other machines, which needs admin.token; without one it is "
                + "a loopback host:port, unix:/path or off");
        }

        section.RejectUnknownKeys();
        return options;
    }

    private static bool TryParseAddress(string text, out ListenAddress? address)
    {
        var isOff = text is "off" or "false";
        var parsed = ListenAddress.TryParse(text, out var value);
        address = isOff ? null : value;
        return isOff || parsed;
    }

    private static bool IsToken(string text) =>
        text.Length >= LeastToken && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    private static bool TryParseHostName(string text, out string host)
    {
        host = text;
        return Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4;
    }

    private static bool TryParseMode(string text, out UnixFileMode mode)
    {
        mode = default;
        if (text.Length is < 3 or > 4 || text.AsSpan().ContainsAnyExceptInRange('0', '7'))
        {
            return false;
        }

        mode = (UnixFileMode)Convert.ToInt32(text, 8);
        return mode <= (UnixFileMode)Convert.ToInt32("777", 8);
    }
}
