using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class HandoverTests
{
    [Fact]
    public void ConnectionForHttp2_IsTakenOnce()
    {
        using var made = new MemoryStream();
        using var handover = new Handover(made);

        Assert.Same(made, handover.TakeHttp2());
        Assert.Null(handover.TakeHttp2());
        Assert.Null(handover.TakeHttp1());
    }

    [Fact]
    public void ConnectionOfTheOtherProtocol_IsNeverTheHandlers()
    {
        using var given = new MemoryStream();
        using var handover = new Handover(null);

        handover.GiveHttp1(given);

        Assert.Null(handover.TakeHttp2());
        Assert.Same(given, handover.TakeHttp1());
    }

    [Fact]
    public void WhatNobodyTakes_IsClosed()
    {
        var (made, given) = (new MemoryStream(), new MemoryStream());
        var (second, late) = (new MemoryStream(), new MemoryStream());
        var handover = new Handover(made);
        handover.GiveHttp1(given);
        handover.GiveHttp1(second);
        Assert.False(second.CanRead);

        handover.Dispose();
        handover.GiveHttp1(late);

        Assert.False(made.CanRead || given.CanRead || late.CanRead);
    }
}
