using MiniLB.Config.Options;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class FieldChangesTests
{
    private static readonly HeaderRuleOptions Rules = new(
        Set: [new("X-Env", "prod"), new("Host", "a.example")], Add: [new("X-Tag", "new"), new("X-Gone", "again")],
        Remove: ["x-gone", "User-Agent"]);

    [Theory]
    [InlineData("", "X-Env=prod X-Tag=new X-Gone=again")]
    [InlineData("x-env: a|A: 1|X-ENV: b", "A=1 X-Env=prod X-Tag=new X-Gone=again")]
    [InlineData("X-Tag: old|X-Env: |x-tag: older", "X-Tag=old x-tag=older X-Env=prod X-Tag=new X-Gone=again")]
    [InlineData("X-Gone: 1|X-Gone: 2|X-Gone-Not: 3", "X-Gone-Not=3 X-Env=prod X-Tag=new X-Gone=again")]
    [InlineData("Host: h", "Host=h X-Env=prod X-Tag=new X-Gone=again")]
    public void Rules_RemoveThenSetThenAdd(string received, string passed)
    {
        var fields = Fields(received);

        FieldChanges.Apply(Rules, fields);

        Assert.Equal(passed, Heads.Passing(fields));
    }

    [Fact]
    public void Lookups_KeepFindingWhatWasReceived()
    {
        var fields = Fields("User-Agent: curl|Referer: r");

        FieldChanges.Apply(
            new HeaderRuleOptions([new("User-Agent", "ours"), new("Via", "x")], [], ["Referer"]), fields);

        Assert.Equal(("curl", "r", null),
            (fields.Text(FieldId.UserAgent), fields.Text(FieldId.Referer), fields.Text(FieldId.Via)));
        Assert.Equal("User-Agent=ours Via=x", Heads.Passing(fields));
    }

    // They make a backend connection personal.
    [Fact]
    public void Credentials_AreFoundWhoeverAddedThem()
    {
        var fields = Fields("");

        FieldChanges.Add(fields, "authorization"u8, "Negotiate abc"u8);

        Assert.True(PersonalRules.MakesPersonal(fields, new FieldList()));
    }

    [Fact]
    public void Rules_OnceTheListIsWarm_AllocateNothing()
    {
        var fields = new FieldList();
        Change(fields, 10);

        Assert.Equal(0, Allocated.By(() => Change(fields, 100)));
    }

    private static void Change(FieldList fields, int times)
    {
        for (var i = 0; i < times; i++)
        {
            fields.Clear();
            fields.Add("X-Env"u8, "a"u8);
            FieldChanges.Apply(Rules, fields);
        }
    }

    private static FieldList Fields(string lines) => Heads.Fields([.. lines
        .Split('|', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(": "))
        .Select(l => (l[0], l[1]))]);
}
