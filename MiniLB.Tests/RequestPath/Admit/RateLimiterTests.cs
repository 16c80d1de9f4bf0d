using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using MiniLB.Config.Options;
using MiniLB.RequestPath;
using MiniLB.RequestPath.Admit;
using MiniLB.RequestPath.Summarize;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class RateLimiterTests
{
    private static readonly RateLimitOptions OneAnHour = new()
    {
        Enabled = true,
        Rate = new Rate(1, TimeSpan.FromHours(1)),
        Burst = 1,
    };

    [Fact]
    public void ClientIp_TellsClientsApart_AndTakes64BitsOfIpv6AsOne()
    {
        var limiter = Limiter(OneAnHour);

        Assert.Null(Ask(limiter, "192.0.2.1"));
        Assert.Null(Ask(limiter, "192.0.2.2"));
        Assert.Null(Ask(limiter, "2001:db8::1"));
        Assert.NotNull(Ask(limiter, "192.0.2.1"));
        Assert.NotNull(Ask(limiter, "2001:db8::2"));
        Assert.Null(Ask(limiter, "2001:db8:0:1::1"));
    }

    [Fact]
    public void ClientsOfUnixSockets_ShareOneKey()
    {
        var limiter = Limiter(OneAnHour);

        Assert.Null(Ask(limiter, null));
        Assert.NotNull(Ask(limiter, null));
    }

    [Fact]
    public void Header_TellsRequestsApartByItsFirstValue_AndByTheClientWithoutOne()
    {
        var limiter = Limiter(OneAnHour with { Key = RateLimitKey.Header, Header = "X-Key" });

        Assert.Null(Ask(limiter, "192.0.2.1", ("x-key", "a")));
        Assert.Null(Ask(limiter, "192.0.2.1", ("X-Key", "b")));
        Assert.NotNull(Ask(limiter, "192.0.2.9", ("X-Key", ""), ("X-KEY", "a")));
        Assert.Null(Ask(limiter, "192.0.2.1"));
        Assert.NotNull(Ask(limiter, "192.0.2.1", ("X-Key", "")));
        Assert.Null(Ask(limiter, "192.0.2.2"));
    }

    [Fact]
    public void Route_CountsAllTogether()
    {
        var limiter = Limiter(OneAnHour with { Key = RateLimitKey.Route, Burst = 2 });

        Assert.Null(Ask(limiter, "192.0.2.1"));
        Assert.Null(Ask(limiter, "192.0.2.2"));
        Assert.NotNull(Ask(limiter, "192.0.2.3"));
    }

    [Fact]
    public void OneTooMany_Is429_WithTheTimeUntilOneMore()
    {
        var limiter = Limiter(OneAnHour);
        Ask(limiter, "192.0.2.1");

        var problem = Ask(limiter, "192.0.2.1")!;

        Assert.Equal((429, "rate-limited", Refusal.RateLimit), (problem.Status, problem.Type, problem.Refusal));
        Assert.InRange(problem.RetryAfter, 3590, 3600);
    }

    [Fact]
    public void DryRun_RefusesNothing_TellsNothing_AndIsNoted()
    {
        var limiter = Limiter(OneAnHour with { DryRun = true });
        Ask(limiter, "192.0.2.1");
        var exchange = TestExchange.From("192.0.2.1");
        ClientIdentity.Establish(exchange);

        Assert.Null(limiter.Refuse(exchange));

        Assert.True(exchange.Entry.IsOverDryRun);
        Assert.False(exchange.Entry.TellsLimits);
    }

    [Fact]
    public void Fields_NameEachLimitWithItsPolicyAndWhatIsLeft_Once()
    {
        var all = new RateLimiter("default", OneAnHour with { Burst = 3 }, NullLogger.Instance);
        var route = new RateLimiter(
            "route", OneAnHour with { Rate = new Rate(3, TimeSpan.FromSeconds(1)), Burst = 1 }, NullLogger.Instance);
        var exchange = TestExchange.From("192.0.2.1");
        ClientIdentity.Establish(exchange);
        Assert.Null(all.Refuse(exchange));
        Assert.Null(route.Refuse(exchange));

        var head = exchange.Entry.Tell(new ResponseHead());
        exchange.Entry.Tell(head);

        Assert.Equal(
            "RateLimit-Policy: \"default\";q=3;w=10800, \"route\";q=1;w=1 "
            + "RateLimit: \"default\";r=2;t=3600, \"route\";r=0;t=1",
            string.Join(' ', Enumerable.Range(0, head.Fields.Count).Select(i =>
                $"{Encoding.ASCII.GetString(head.Fields[i].Name)}: {Encoding.ASCII.GetString(head.Fields[i].Value)}")));
    }

    [Fact]
    public void Request_AllocatesNothing()
    {
        var limiter = Limiter(OneAnHour with { Burst = 1_000_000 });
        var exchange = TestExchange.From("192.0.2.1");
        ClientIdentity.Establish(exchange);
        var head = new ResponseHead();

        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                head.Clear();
                limiter.Refuse(exchange);
                exchange.Entry.Tell(head);
            }
        }));
    }

    private static RateLimiter Limiter(RateLimitOptions options) => new("default", options, NullLogger.Instance);

    private static Problem? Ask(RateLimiter limiter, string? peer, params (string Name, string Value)[] fields)
    {
        var exchange = TestExchange.From(peer, "", fields);
        ClientIdentity.Establish(exchange);
        return limiter.Refuse(exchange);
    }
}
