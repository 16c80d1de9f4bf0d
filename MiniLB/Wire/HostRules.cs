using System.Text;

namespace MiniLB.Wire;

/// <summary>Whether a request says unmistakably for which host it is (RFC 9112 section 3.2).</summary>
internal static class HostRules
{
    public static bool IsSound(RequestHead head)
    {
        var count = head.Fields.CountOf(FieldId.Host);
        return HasRightCount(count, head.MinorVersion)
            && (count == 0 || Syntax.IsHost(head.Fields.First(FieldId.Host)))
            && AgreesWithTarget(head, count);
    }

    private static bool HasRightCount(int count, int minorVersion) => count == 1 || (count == 0 && minorVersion == 0);

    /// <summary>True where target and Host name the same host: routing by one and answering for the other is how
    /// caches are poisoned. A default port may be left out of either.</summary>
    private static bool AgreesWithTarget(RequestHead head, int hosts)
    {
        var authority = TargetForm.Authority(head.RawTarget);
        if (authority.IsEmpty || head.Method == "CONNECT")
        {
            return true;
        }

        var named = Encoding.ASCII.GetBytes(authority.ToString());
        var port = head.RawTarget.StartsWith("https", StringComparison.OrdinalIgnoreCase) ? ":443"u8 : ":80"u8;
        return Syntax.IsHost(named) && (hosts == 0
            || Ascii.EqualsIgnoreCase(Without(named, port), Without(head.Fields.First(FieldId.Host), port)));
    }

    private static ReadOnlySpan<byte> Without(ReadOnlySpan<byte> authority, ReadOnlySpan<byte> port) =>
        authority.EndsWith(port) ? authority[..^port.Length] : authority;
}
