using MiniLB.RequestPath.Admit;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class TraceContextTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string Parent = "00f067aa0ba902b7";
    private const string Sampled = $"00-{Trace}-{Parent}-01";

    [Theory]
    [InlineData(Sampled, 0, true)]
    [InlineData($"00-{Trace}-{Parent}-00", 1, false)]
    public void TraceOfATrustedProxy_GoesOn_AndItsFlagDecides(string parent, double sample, bool isSampled)
    {
        var fields = Heads.Fields(("Traceparent", parent), ("A", "1"), ("tracestate", "a=1"), ("Tracestate", "b=2"));

        var trace = TraceContext.Of(fields, isTrusted: true, sample);
        trace.PassOn(fields);

        Assert.Equal((Trace, Parent, isSampled, "a=1,b=2"),
            (trace.TraceId, trace.ParentId, trace.IsSampled, trace.State));
        Assert.NotEqual(Parent, trace.SpanId);
        Assert.Equal(
            $"A=1 tracestate=a=1 Tracestate=b=2 traceparent=00-{Trace}-{trace.SpanId}-{(isSampled ? "01" : "00")}",
            Heads.Passing(fields));
    }

    [Theory]
    [InlineData(false, Sampled, null)]
    [InlineData(true, "00-broken", null)]
    [InlineData(true, Sampled, Sampled)] // two are none
    [InlineData(true, null, null)]
    public void AnyOtherTrace_EndsHere_AndAnotherBegins(bool isTrusted, string? first, string? second)
    {
        var fields = Heads.Fields([
            .. new[] { first, second }.OfType<string>().Select(v => ("traceparent", v)), ("tracestate", "a=1"), ("A", "1"),
        ]);

        var trace = TraceContext.Of(fields, isTrusted, sample: 1);
        trace.PassOn(fields);

        Assert.NotEqual(Trace, trace.TraceId);
        Assert.Matches("^[0-9a-f]{32}$", trace.TraceId);
        Assert.Matches("^[0-9a-f]{16}$", trace.SpanId);
        Assert.Equal((null, null, true), (trace.ParentId, trace.State, trace.IsSampled));
        Assert.Equal($"A=1 traceparent=00-{trace.TraceId}-{trace.SpanId}-01", Heads.Passing(fields));
    }

    [Fact]
    public void Ids_AreDifferentEachTime()
    {
        var traces = Enumerable.Range(0, 1_000).Select(_ => TraceContext.Of(Heads.Fields(), false, 0.5)).ToArray();

        Assert.Equal(1_000, traces.Select(t => t.TraceId).Distinct().Count());
        Assert.Equal(1_000, traces.Select(t => t.SpanId).Distinct().Count());
    }

    // The id decides, so that it can be said of each id: the lower half, as a fraction of its range.
    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(1)]
    public void TraceThatBeginsHere_IsRecorded_WhereItsIdIsBelowTheSample(double sample) =>
        Assert.All(Enumerable.Range(0, 1_000).Select(_ => TraceContext.Of(Heads.Fields(), false, sample)), t => Assert.Equal(
            (Convert.ToUInt64(t.TraceId[16..], 16) >> 11) / Math.Pow(2, 53) < sample, t.IsSampled));
}
