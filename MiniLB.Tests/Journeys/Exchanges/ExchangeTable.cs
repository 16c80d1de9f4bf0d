using MiniLB.Tests.Journeys.Exchanges.Rows;
using MiniLB.Tests.Journeys.Exchanges.Table;

namespace MiniLB.Tests.Journeys.Exchanges;

/// <summary>All rows, by topic.</summary>
internal static class ExchangeTable
{
    private static readonly (string Topic, ExchangeRow[] Rows)[] Topics =
    [
        ("host", HostRows.All),
        ("content-length", ContentLengthRows.All),
        ("transfer-encoding", TransferEncodingRows.All),
        ("request-line", RequestLineRows.All),
        ("field-syntax", FieldSyntaxRows.All),
        ("target", TargetRows.All),
        ("chunked", ChunkedRows.All),
        ("trailers", TrailerRows.All),
        ("limits", LimitRows.All),
        ("response-syntax", ResponseSyntaxRows.All),
        ("response-framing", ResponseFramingRows.All),
        ("response-break", ResponseBreakRows.All),
        ("interim", InterimRows.All),
        ("expect", ExpectRows.All),
        ("faithful", FaithfulRows.All),
        ("hop-by-hop", HopByHopRows.All),
        ("forwarding-fields", ForwardingFieldRows.All),
        ("header-rules", HeaderRuleRows.All),
        ("upgrade", UpgradeRows.All),
        ("abort", AbortRows.All),
        ("repeat", RepeatRows.All),
        ("persistence", PersistenceRows.All),
        ("sharing", SharingRows.All),
        ("slow", SlowRows.All),
    ];

    public static readonly ExchangeRow[] Rows =
        [.. Topics.SelectMany(t => t.Rows.Select(r => r with { Topic = t.Topic }))];

    private static readonly Dictionary<string, ExchangeRow> ByName = Rows.ToDictionary(r => r.ToString());

    public static TheoryData<string> Names(Func<ExchangeRow, bool> which) =>
        [.. Rows.Where(which).Select(r => r.ToString())];

    public static ExchangeRow Named(string name) => ByName[name];

    /// <summary>The rows of a few topics, in their order.</summary>
    public static IEnumerable<ExchangeRow> Of(params string[] topics) => topics.SelectMany(OfOne);

    private static IEnumerable<ExchangeRow> OfOne(string topic)
    {
        var rows = Rows.Where(r => r.Topic == topic).ToArray();
        Assert.True(rows.Length > 0, $"there is no topic '{topic}'");
        return rows;
    }
}
