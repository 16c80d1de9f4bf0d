using System.Net;
using MiniLB.BackgroundLoops.Discovery;
using MiniLB.Config.Options;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

public sealed class SrvRulesTests
{
    private static readonly BackendSource Source = new() { Kind = SourceKind.Srv, Text = "", Name = "_a._tcp.b" };

    // Each record: priority, weight, and how many addresses its target has; each backend: weight, backup or not.
    [Theory]
    [InlineData("1/10/1 1/20/1", "10 20")]
    [InlineData("1/0/1 1/0/1", "1 1")]
    [InlineData("1/0/1 1/100/1", "1 100")]
    [InlineData("1/10/2 1/20/2", "10 10 20 20")]
    [InlineData("1/10/2 1/10/1", "10 10 20")]
    [InlineData("1/7/3 1/7/2", "7 7 7 10 10")]
    [InlineData("5/1/1 6/2/1 7/3/1", "1 2b 3b")]
    [InlineData("5/65535/1 6/1/1", "65535 1b")]
    [InlineData("5/1/0 6/2/1", "2b")]
    public void Backends_HaveTheWeightsAndLevelsOfTheirRecords(string records, string backends)
    {
        var parsed = records.Split(' ').Select(r => r.Split('/').Select(n => ushort.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).ToArray();
        var all = parsed.Select((r, i) => new SrvRecord(r[0], r[1], (ushort)(1000 + i), default)).ToArray();

        var made = SrvRules.Backends(Source, all, r =>
            [.. Enumerable.Range(1, parsed[r.Port - 1000][2]).Select(i => new IPAddress([10, 0, 0, (byte)i]))]);

        Assert.Equal(backends, string.Join(' ', made.Select(b => $"{b.Weight}{(b.IsBackup ? "b" : "")}")));
    }

    [Fact]
    public void OneServerInTwoRecords_IsOneBackend_OfTheBetterLevel()
    {
        SrvRecord[] all = [new(1, 5, 80, default), new(2, 9, 80, default)];

        var backend = Assert.Single(SrvRules.Backends(Source, all, _ => [IPAddress.Parse("10.0.0.1")]));

        Assert.Equal((5, false, "http://10.0.0.1"), (backend.Weight, backend.IsBackup, backend.Url));
    }
}
