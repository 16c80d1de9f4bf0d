using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

/// <summary>What a reload leaves of a rate limit.</summary>
public sealed class RateLimitersTests
{
    private static readonly RateLimitOptions OneAnHour = new()
    {
        Enabled = true,
        Rate = new Rate(1, TimeSpan.FromHours(1)),
        Burst = 1,
    };

    private readonly RateLimiters _limiters = new(NullLogger<RateLimiters>.Instance);

    [Fact]
    public void LimitThatIsNotEnabled_IsNone()
    {
        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour with { Enabled = false }, Routes = [new RouteOptions()] });

        Assert.Null(_limiters.OfAll);
        Assert.Null(_limiters.Of(new RouteOptions()));
    }

    [Fact]
    public void LimitThatStays_GoesOnWithWhatItKnows()
    {
        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour });
        Assert.True(Passes(_limiters.OfAll!));

        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour with { }, StatusPath = "/other" });

        Assert.False(Passes(_limiters.OfAll!));
    }

    [Fact]
    public void DryRunThatEnds_GoesOnWithWhatItKnows()
    {
        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour with { DryRun = true } });
        Assert.True(Passes(_limiters.OfAll!));

        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour });

        Assert.False(Passes(_limiters.OfAll!));
    }

    [Fact]
    public void LimitThatChanges_OrComesBack_BeginsAnew()
    {
        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour });
        Assert.True(Passes(_limiters.OfAll!));

        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour with { Rate = new Rate(2, TimeSpan.FromHours(1)) } });
        Assert.True(Passes(_limiters.OfAll!));
        _limiters.Apply(new BalancerOptions());
        Assert.Null(_limiters.OfAll);
        _limiters.Apply(new BalancerOptions { RateLimit = OneAnHour });

        Assert.True(Passes(_limiters.OfAll!));
    }

    [Fact]
    public void Route_IsTheSameByItsConditions_WhereverItStandsAndLeads()
    {
        var login = new RouteOptions { Path = "/login", Methods = ["POST"], RateLimit = OneAnHour };
        var other = login with { Methods = ["GET"] };
        _limiters.Apply(new BalancerOptions { Routes = [login, other] });
        Assert.True(Passes(_limiters.Of(login)!));

        _limiters.Apply(new BalancerOptions { Routes = [other, login with { Pools = [new PoolShare("new", 1)] }] });

        Assert.False(Passes(_limiters.Of(login)!));
        Assert.True(Passes(_limiters.Of(other)!));
    }

    private static bool Passes(RateLimiter limiter)
    {
        var exchange = TestExchange.From("192.0.2.1");
        ClientIdentity.Establish(exchange);
        return limiter.Refuse(exchange) is null;
    }
}
