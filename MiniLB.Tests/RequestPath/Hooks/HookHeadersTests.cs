using MiniLB.Config;
using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Hooks;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Hooks;

public sealed class HookHeadersTests
{
    [Fact]
    public void Lines_AreReadInAnyCase_ByteForByte_AndInTheirOrder()
    {
        var headers = new HookHeaders(Heads.Fields(("Set-Cookie", "a=\u00e9"), ("X", "1"), ("set-cookie", "")));

        Assert.Equal("a=\u00e9", headers.Get("SET-COOKIE"));
        Assert.Equal(["a=\u00e9", ""], headers.GetAll("Set-Cookie"));
        Assert.Null(headers.Get("Y"));
        Assert.Empty(headers.GetAll("Y"));
    }

    [Fact]
    public void Changes_AreThoseOfRules()
    {
        var fields = Heads.Fields(("X", "1"), ("x", "2"), ("Y", "1"), ("Z", "1"));
        var headers = new HookHeaders(fields);

        headers.Set("X", "3");
        headers.Add("y", "\u00ff");
        headers.Add("Empty", "");
        headers.Remove("z");
        headers.Remove("not-there");

        Assert.Equal("Y=1 X=3 y=\u00ff Empty=", Heads.Passing(fields));
        Assert.Equal(["3"], headers.GetAll("X"));
        Assert.Equal(["1", "\u00ff"], headers.GetAll("Y"));
        Assert.Null(headers.Get("Z"));
    }

    // A hook must not take for the client's address what anybody can write.
    [Theory]
    [InlineData("", null)]
    [InlineData("10.0.0.0/8", "6.6.6.6")]
    public void WhatAStrangerSaysAboutItself_IsNotShown(string trusted, string? shown)
    {
        var exchange = TestExchange.From("10.0.0.1", trusted,
            ("X-Real-IP", "6.6.6.6"), ("X-Forwarded-For", "6.6.6.6"), ("Forwarded", "for=6.6.6.6"),
             ("X-Request-Id", "6"), ("Keep-Alive", "6"));
        MiniLB.RequestPath.Admit.ClientIdentity.Establish(exchange);
        PassedFields.PrepareRequest(exchange);
        var headers = new HookHeaders(exchange);

        Assert.Equal(shown, headers.Get("X-Real-IP"));
        Assert.Null(headers.Get("X-Forwarded-For") ?? headers.Get("X-Request-Id") ?? headers.Get("Keep-Alive"));
        Assert.Equal(shown is null ? null : "for=6.6.6.6", headers.Get("Forwarded"));
        headers.Set("X-Real-IP", "ours");
        Assert.Equal(["ours"], headers.GetAll("x-real-ip"));
    }

    [Fact]
    public void Host_OfARequest_CanBeReadAndSet()
    {
        var exchange = TestExchange.From("10.0.0.1");
        var headers = new HookHeaders(exchange);
        Assert.Equal("site.example", headers.Get("host"));

        headers.Set("HOST", "other.example:80");

        Assert.Equal(["other.example:80"], headers.GetAll("Host"));
        Assert.Equal(("other.example:80", "site.example"), (exchange.HostOverride, exchange.Host));
        foreach (var host in (string[])["", "a b", "a/b", "u@a", "a\r\nX: b"])
        {
            Assert.Throws<ArgumentException>(() => headers.Set("Host", host));
        }
    }

    [Fact]
    public void ProtectedNames_AreRefused()
    {
        var request = new HookHeaders(TestExchange.From("10.0.0.1"));
        var answer = new HookHeaders(Heads.Fields());

        Assert.All(ProtectedHeaders.OfRequests.Append("X A").Append(""), name =>
        {
            Assert.Throws<ArgumentException>(() => request.Add(name, "x"));
            Assert.Throws<ArgumentException>(() => request.Remove(name));
            if (name != "Host")
            {
                Assert.Throws<ArgumentException>(() => request.Set(name, "x"));
            }
        });
        Assert.All(ProtectedHeaders.OfResponses,
            name => Assert.Throws<ArgumentException>(() => answer.Set(name.ToLowerInvariant(), "x")));
    }

    [Theory]
    [InlineData("a\r\nb")]
    [InlineData("a\0")]
    [InlineData(" a")]
    [InlineData("a\t")]
    [InlineData("\u0100")]
    [InlineData(null)]
    public void Value_ThatIsNone_IsRefusedAndChangesNothing(string? value)
    {
        var fields = Heads.Fields(("X", "1"));
        var headers = new HookHeaders(fields);

        Assert.Throws<ArgumentException>(() => headers.Set("X", value!));
        Assert.Throws<ArgumentException>(() => headers.Add("X", value!));

        Assert.Equal("X=1", Heads.Passing(fields));
    }

    [Fact]
    public void HeadThatWasSent_CanBeReadAndNotChanged()
    {
        var headers = new HookHeaders(TestExchange.From("10.0.0.1")) { IsSent = true };

        Assert.Throws<InvalidOperationException>(() => headers.Set("X", "1"));
        Assert.Throws<InvalidOperationException>(() => headers.Set("Host", "a"));
        Assert.Throws<InvalidOperationException>(() => headers.Add("X", "1"));
        Assert.Throws<InvalidOperationException>(() => headers.Remove("X"));
        Assert.Equal("site.example", headers.Get("Host"));
    }
}
