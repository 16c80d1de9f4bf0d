using MiniLB.State;

namespace MiniLB.Tests.State;

public sealed class RefusalsTests
{
    /// <summary>Part of the format of the metrics: a word that changes breaks somebody's alert.</summary>
    [Fact]
    public void Words_AreThese() => Assert.Equal(
        "connections connections_per_client proxy_header tls_handshake access rate_limit in_flight body slow_request "
        + "head malformed method",
        string.Join(' ', Refusals.Reasons));

    [Fact]
    public void Reason_CountsForItselfAlone()
    {
        var refusals = new Refusals();

        refusals.Count(Refusal.Access);
        refusals.Count(Refusal.Access);
        refusals.CountDryRun();

        Assert.Equal((2, 0, 1), (refusals.Of(Refusal.Access), refusals.Of(Refusal.RateLimit), refusals.DryRun));
    }
}
