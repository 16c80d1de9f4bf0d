using System.Text;
using MiniLB.Config.Options;

namespace MiniLB.RequestPath.Route;

/// <summary>Makes the Location of a redirect.</summary>
internal sealed class RedirectTarget
{
    private static readonly string[] Words = ["{host}", "{path}", "{query}"];

    // Text and words in their order: what a client asked for is put in once, and never read as a word.
    private readonly string[] _pieces;

    public RedirectTarget(RedirectOptions options)
    {
        Status = options.Status;
        _pieces = [.. Pieces(options.To)];
        NeedsHost = _pieces.Contains("{host}");
    }

    public int Status { get; }

    public bool NeedsHost { get; }

    /// <param name="host">As <see cref="Config.RouteHost.NameOf"/> gives it.</param>
    /// <param name="target">What would be forwarded.</param>
    public string For(ReadOnlySpan<char> host, ForwardedTarget target)
    {
        var asked = target.ToString();
        var path = PathRules.PathOf(asked);
        var location = new StringBuilder();
        foreach (var piece in _pieces)
        {
            _ = piece switch
            {
                "{host}" => location.Append(host),
                "{path}" => location.Append(path),
                "{query}" => location.Append(asked, path.Length, asked.Length - path.Length),
                _ => location.Append(piece),
            };
        }

        return location.ToString();
    }

    private static IEnumerable<string> Pieces(string text)
    {
        while (text.Length > 0)
        {
            var brace = text.IndexOf('{', StringComparison.Ordinal);
            var length = brace < 0 ? text.Length
                : brace > 0 ? brace
                : Words.First(w => text.StartsWith(w, StringComparison.Ordinal)).Length;
            yield return text[..length];
            text = text[length..];
        }
    }
}
