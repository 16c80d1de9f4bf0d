using System.Globalization;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class SampleRulesTests
{
    [Fact]
    public void Failures_AreWrittenWhateverTheSample()
    {
        var failed = TestExchange.To("/");
        failed.Outcome = ForwardError.ClientGone;

        Assert.True(SampleRules.IsWritten(failed, 0));
        Assert.False(SampleRules.IsWritten(TestExchange.To("/"), 0));
        Assert.True(SampleRules.IsWritten(TestExchange.To("/"), 1));
    }

    [Fact]
    public void OneId_IsInEveryLargerSampleToo()
    {
        foreach (var id in Ids())
        {
            var among = new[] { 0, 0.1, 0.3, 0.7, 1 }.Select(s => SampleRules.IsAmong(id, s)).ToArray();

            Assert.Equal(among.Order(), among);
            Assert.Equal(SampleRules.IsAmong(new string(id), 0.3), among[2]);
            Assert.Equal((false, true), (among[0], among[4]));
        }
    }

    // 10,000 draws at 0.3: a standard deviation is 46, and the ids are always the same.
    [Fact]
    public void Sample_IsThatFractionOfAllIds() =>
        Assert.InRange(Ids().Count(id => SampleRules.IsAmong(id, 0.3)), 2_800, 3_200);

    private static IEnumerable<string> Ids() =>
        Enumerable.Range(0, 10_000).Select(i => "0123456789abcdef" + i.ToString("x16", CultureInfo.InvariantCulture));
}
