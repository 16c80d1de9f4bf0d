using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the key headers its meaning.</summary>
internal static class HeaderRuleBinder
{
    public static HeaderOptions Bind(ConfigSection section)
    {
        var forwarded = section.Flag("forwarded", false);
        string[] ofRequests = forwarded ? [.. ProtectedHeaders.OfRequests, "Forwarded"] : ProtectedHeaders.OfRequests;
        var options = new HeaderOptions
        {
            Forwarded = forwarded,
            Request = Rules(section.Section("request"), ofRequests, setsHost: true),
            Response = Rules(section.Section("response"), ProtectedHeaders.OfResponses, setsHost: false),
        };
        section.RejectUnknownKeys();
        return options;
    }

    /// <returns>Null where there is nothing to change.</returns>
    private static HeaderRuleOptions? Rules(ConfigSection section, string[] isProtected, bool setsHost)
    {
        string[] unsettable = [.. isProtected.Where(n => !setsHost || !ProtectedHeaders.IsHost(n))];
        var set = Lines(section, "set", unsettable);
        RejectDuplicates(section);
        if (setsHost)
        {
            CheckHost(section, set);
        }

        var add = Lines(section, "add", isProtected);
        var remove = section.List("remove", NameBut(isProtected), ExpectedBut(isProtected));
        section.RejectUnknownKeys();
        return set.Length + add.Length + remove.Count == 0 ? null : new HeaderRuleOptions(set, add, remove);
    }

    private static HeaderLine[] Lines(ConfigSection section, string key, string[] isProtected) =>
        [.. HeaderText.Map(section, key, NameBut(isProtected), ExpectedBut(isProtected))
            .Select(line => new HeaderLine(line.Key, line.Value))];

    private static TextParser<string> NameBut(string[] isProtected) => (string text, out string name) =>
        HeaderText.TryParseName(text, out name) && !ProtectedHeaders.Holds(isProtected, text);

    private static string ExpectedBut(string[] isProtected) =>
        "a header name that may be changed here: any token but " + string.Join(", ", isProtected);

    private static void RejectDuplicates(ConfigSection section)
    {
        var members = section.Members("set");
        for (var i = 1; i < members.Count; i++)
        {
            var name = members[i].Name;
            var first = members.First(m => m.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (first != members[i])
            {
                section.Errors.Add(members[i].Origin, section.PathOf($"set.{name}"),
                    $"'{first.Name}' is set already; expected each name once, in whatever case");
            }
        }
    }

    private static void CheckHost(ConfigSection section, HeaderLine[] set)
    {
        var at = Array.FindIndex(set, line => ProtectedHeaders.IsHost(line.Name));
        if (at >= 0 && set[at].Value.Length > 0 && !IsHost(set[at].Value))
        {
            section.Errors.Add(section.Members("set")[at].Value.Origin, section.PathOf($"set.{set[at].Name}"),
                $"'{set[at].Value}' is not a host such as example.com or example.com:8080");
        }
    }

    private static bool IsHost(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || "-._~:[]".Contains(c, StringComparison.Ordinal))
        && Uri.TryCreate($"http://{text}/", UriKind.Absolute, out _);
}
