using System.Globalization;

namespace MiniLB.Config;

/// <summary>Status codes written as single codes and ranges: 200-299,304.</summary>
internal sealed class StatusSet
{
    public const string Expected = "status codes such as 200-399 or 200,204";

    public static readonly StatusSet Below500 = new([(100, 499)]);
    public static readonly StatusSet SuccessOrRedirect = new([(200, 399)]);

    private readonly (int From, int To)[] _ranges;

    private StatusSet((int From, int To)[] ranges) => _ranges = ranges;

    public static StatusSet Union(IEnumerable<StatusSet> sets) => new([.. sets.SelectMany(s => s._ranges)]);

    public bool Contains(int status) => Array.Exists(_ranges, r => status >= r.From && status <= r.To);

    public override string ToString() =>
        string.Join(',', _ranges.Select(r => r.From == r.To ? $"{r.From}" : $"{r.From}-{r.To}"));

    public static bool TryParse(string text, out StatusSet set)
    {
        set = Below500;
        var ranges = new List<(int From, int To)>();
        foreach (var part in text.Split(','))
        {
            var dash = part.IndexOf('-', StringComparison.Ordinal);
            var from = dash < 0 ? part : part[..dash];
            var to = dash < 0 ? part : part[(dash + 1)..];
            if (!TryParseCode(from, out var first) || !TryParseCode(to, out var last) || last < first)
            {
                return false;
            }

            ranges.Add((first, last));
        }

        set = new StatusSet([.. ranges]);
        return true;
    }

    private static bool TryParseCode(string text, out int code) =>
        int.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out code)
        && code is >= 100 and <= 599;
}
