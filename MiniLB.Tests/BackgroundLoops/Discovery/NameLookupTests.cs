using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

/// <summary>Which addresses a name has, whatever the servers answer.</summary>
public sealed class NameLookupTests
{
    private const int ServFail = 0x8182;
    private const int NoSuchName = 0x8183;

    private KeptAddresses _kept = new();

    [Fact]
    public async Task BothFamilies_AreFound_SortedAndEachOnce() => Assert.Equal(
        ("10.0.0.1 10.0.0.2 fd00::1", null, true),
        await FindAsync(q => q.Type == DnsType.A
            ? q.Answer().Address("10.0.0.2").Address("10.0.0.1").Address("10.0.0.2")
            : q.Answer().Address("fd00::1").Address("::ffff:10.0.0.1")));

    [Fact]
    public async Task FailureOfOneFamily_LeavesItsLastAddresses_AndIsTold()
    {
        await FindAsync(q => q.Answer().Address(q.Type == DnsType.A ? "10.0.0.1" : "fd00::1"));

        Assert.Equal(
            ("10.0.0.2 fd00::1", "127.0.0.1: it has failed (SERVFAIL)", true),
            await FindAsync(q => q.Type == DnsType.A ? q.Answer().Address("10.0.0.2") : q.Answer(ServFail)));
    }

    [Theory]
    [InlineData(ServFail, "127.0.0.1: it has failed (SERVFAIL)")]
    [InlineData(NoSuchName, "there is no such name (NXDOMAIN)")]
    [InlineData(null, "127.0.0.1: no answer within 0.3 s")]
    public async Task Failure_LeavesTheLastAnswer(int? flags, string problem)
    {
        await FindAsync(q => q.Type == DnsType.A ? q.Answer().Address("10.0.0.1") : q.Answer());

        Assert.Equal(
            ("10.0.0.1", problem, true), await FindAsync(q => flags is null ? null : q.Answer((ushort)flags)));
        Assert.Equal(
            ("10.0.0.1", problem, true), await FindAsync(q => flags is null ? null : q.Answer((ushort)flags)));
    }

    [Fact]
    public async Task FailureAtFirst_KnowsNothing() => Assert.Equal(
        ("", "there is no such name (NXDOMAIN)", false), await FindAsync(q => q.Answer(NoSuchName)));

    [Fact]
    public async Task NameThatHasNoAddress_IsBelieved()
    {
        await FindAsync(q => q.Answer().Address(q.Type == DnsType.A ? "10.0.0.1" : "fd00::1"));

        Assert.Equal(("", null, true), await FindAsync(q => q.Answer()));
    }

    [Fact]
    public async Task FamilyThatDoesNotExist_BesideOneThatDoes_HasNone() => Assert.Equal(
        ("10.0.0.1", null, true),
        await FindAsync(q => q.Type == DnsType.A ? q.Answer().Address("10.0.0.1") : q.Answer(NoSuchName)));

    [Fact]
    public async Task AddressesWhereNoServerCanBe_AreNotBelieved()
    {
        await FindAsync(q => q.Type == DnsType.A ? q.Answer().Address("10.0.0.1") : q.Answer());

        var (_, problem, isKnown) = await FindAsync(
            q => q.Type == DnsType.A ? q.Answer().Address("0.0.0.0") : q.Answer().Address("::"));

        Assert.Equal(("it has no address but 0.0.0.0, where no server can be", false), (problem, isKnown));
    }

    [Fact]
    public async Task HostsFile_ComesFirst_AndLocalhostNeedsNone()
    {
        Assert.Equal(("10.9.9.9", null, true), await FindAsync(_ => null, "known.internal"));
        Assert.Equal(("127.0.0.1 ::1", null, true), await FindAsync(_ => null, "localhost"));
    }

    [Fact]
    public async Task SearchList_IsGoneThrough_UntilANameExists()
    {
        var asked = new System.Collections.Concurrent.ConcurrentBag<string>();
        var found = await FindAsync(
            q =>
            {
                asked.Add(q.Name);
                return q.Name == "api.b.internal" ? q.Answer().Address(q.Type == DnsType.A ? "10.0.0.1" : "fd00::1")
                    : q.Answer(NoSuchName);
            }, "api");

        Assert.Equal(("10.0.0.1 fd00::1", null, true), found);
        Assert.Equal(["api.a.internal", "api.b.internal"], asked.Distinct().Order());
    }

    [Fact]
    public async Task FailureBehindASearchDomain_IsNotTakenForAnEmptyAnswer() => Assert.Equal(
        ("", "127.0.0.1: it has failed (SERVFAIL)", false),
        await FindAsync(q => q.Name == "api" ? q.Answer() : q.Answer(ServFail), "api"));

    [Fact]
    public async Task FailureBehindADomain_LeavesWhatIsKnown_WhateverAnotherDomainHas()
    {
        await FindAsync(q => q.Name == "api.a.internal" && q.Type == DnsType.A
            ? q.Answer().Address("10.0.0.1") : q.Answer(NoSuchName), "api");

        Assert.Equal(
            ("10.0.0.1", "127.0.0.1: it has failed (SERVFAIL)", true),
            await FindAsync(q => q.Name == "api.a.internal" ? q.Answer(ServFail)
                : q.Answer().Address(q.Type == DnsType.A ? "10.6.6.6" : "fd00::6"), "api"));
    }

    private async Task<(string Addresses, string? Problem, bool IsKnown)> FindAsync(
        Func<Question, DnsMessage?> answer, string name = "api.internal")
    {
        using var server = new FakeDnsServer(q => answer(q) is { } message ? [message.Bytes] : []);
        var settings = FakeDnsServer.Settings(server) with { Search = ["a.internal", "b.internal"] };
        using var client = new DnsClient(() => settings, TimeProvider.System);
        var hosts = HostsFile.Parse("10.9.9.9 known.internal");
        var after = new KeptAddresses();
        var found = await new NameLookup(client, () => settings, () => hosts)
            .AddressesAsync(name, _kept, after, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
        _kept = found.IsKnown ? after : _kept;
        return (string.Join(' ', found.Addresses), found.Problem, found.IsKnown);
    }
}
