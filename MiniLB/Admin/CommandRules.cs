using MiniLB.Config.Options;

namespace MiniLB.Admin;

/// <summary>Whose commands are obeyed: a page of another site may make a browser send a request, but none of this type,
/// and none that the browser says is of this site.</summary>
internal static class CommandRules
{
    private static readonly AdminRefusal OtherOrigin = new(
        StatusCodes.Status403Forbidden, "origin-not-allowed", "Commands of another site are not obeyed",
        "Origin has to be the address that is asked, and Sec-Fetch-Site same-origin or none, where they are sent");

    private static readonly AdminRefusal OtherSite = new(
        StatusCodes.Status403Forbidden, "origin-not-allowed", "Pages of another site may not watch",
        "Sec-Fetch-Site has to be same-origin or none, where it is sent");

    private static readonly AdminRefusal NoJson = new(
        StatusCodes.Status415UnsupportedMediaType, "content-type-not-supported", "Commands are JSON",
        "Send Content-Type: application/json");

    /// <returns>Null where it is obeyed.</returns>
    /// <param name="head">What the request says about itself.</param>
    /// <param name="admin">Under which names it is served.</param>
    public static AdminRefusal? Refuse(in CommandHead head, AdminOptions admin) =>
        !IsSameSite(head.FetchSite) || !IsSameOrigin(head, admin) ? OtherOrigin
        : !IsJson(head.ContentType) ? NoJson
        : null;

    /// <summary>As <see cref="Refuse"/> for what changes nothing, but holds something that others want too.</summary>
    public static AdminRefusal? RefuseOtherSite(in CommandHead head) => IsSameSite(head.FetchSite) ? null : OtherSite;

    private static bool IsSameSite(string? fetchSite) => fetchSite is null or "same-origin" or "none";

    private static bool IsSameOrigin(in CommandHead head, AdminOptions admin) =>
        head.Origin is null
        || (Uri.TryCreate(head.Origin, UriKind.Absolute, out var theirs)
            && Uri.TryCreate($"{head.Scheme}://{head.Host}", UriKind.Absolute, out var ours)
            && head.Origin.Equals(theirs.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
            && theirs.Scheme == ours.Scheme && theirs.Port == ours.Port && theirs.UserInfo.Length == 0
            && HostRules.IsServed(theirs.Host, admin));

    private static bool IsJson(string? contentType) => contentType is not null
        && contentType.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a request says about where it comes from and what it carries; null for a field that was not
/// sent.</summary>
internal readonly record struct CommandHead(
    string Scheme, string Host, string? ContentType, string? Origin, string? FetchSite);
