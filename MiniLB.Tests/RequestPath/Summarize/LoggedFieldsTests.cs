using MiniLB.RequestPath.Forward;
using MiniLB.RequestPath.Summarize;
using MiniLB.Tests.Wire;

namespace MiniLB.Tests.RequestPath.Summarize;

public sealed class LoggedFieldsTests
{
    private static readonly LoggedFields Wanted = LoggedFields.Of(["X-Tenant", "Authorization", "Age"])!;

    [Fact]
    public void Received_IsWhatTheClientSent_WhateverRulesHaveDoneToIt()
    {
        var fields = Heads.Fields(("x-tenant", "a"), ("Other", "o"), ("X-TENANT", "b\u00ff"), ("Authorization", "secret"));
        FieldChanges.Remove(fields, "X-Tenant"u8);
        FieldChanges.Add(fields, "X-Tenant"u8, "ours"u8);
        FieldChanges.Add(fields, "Age"u8, "7"u8);

        Assert.Equal("a, b\u00ff|secret|-", Joined(Wanted.Received(fields)));
    }

    [Fact]
    public void Passed_IsWhatTheClientGets()
    {
        var fields = Heads.Fields(("X-Tenant", "a"), ("Age", "1"), ("Age", "2"));
        FieldChanges.Remove(fields, "X-Tenant"u8);
        FieldChanges.Add(fields, "X-Tenant"u8, "ours"u8);

        Assert.Equal("ours|-|1, 2", Joined(Wanted.Passed(fields)));
        Assert.Equal("-|-|-", Joined(Wanted.Passed(null)));
    }

    [Fact]
    public void Values_AreCopies()
    {
        var fields = Heads.Fields(("Age", "1"));
        var values = Wanted.Received(fields);

        fields.Clear();
        fields.Add("Age"u8, "2");

        Assert.Equal("-|-|1", Joined(values));
    }

    [Fact]
    public void NoNames_AreNoWork() => Assert.Null(LoggedFields.Of([]));

    private static string Joined(string?[] values) => string.Join('|', values.Select(v => v ?? "-"));
}
