using System.Net;
using MiniLB.BackgroundLoops.Discovery;

namespace MiniLB.Tests.BackgroundLoops.Discovery;

/// <summary>Servers that are silent, broken or lie; one that answers is enough.</summary>
public sealed class DnsClientTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Question_IsAnswered_AndAsksForMoreThanOldServersSend()
    {
        using var server = new FakeDnsServer(q => [q.Answer().Address("10.0.0.1").Bytes]);

        var answer = await AskAsync("api.internal", server);

        Assert.Equal(["10.0.0.1"], answer.Addresses.Select(a => a.ToString()));
        var question = Assert.Single(server.Asked);
        Assert.Equal(("api.internal", DnsType.A, false, true),
            (question.Name, question.Type, question.IsTcp, question.Extends));
    }

    [Fact]
    public async Task Ids_AreUnlikeEachOther()
    {
        using var server = new FakeDnsServer(q => [q.Answer().Address("10.0.0.1").Bytes]);
        using var client = Client(server);
        for (var i = 0; i < 50; i++)
        {
            await client.AskAsync("api.internal", DnsType.A, CancellationToken.None);
        }

        Assert.InRange(server.Asked.Select(q => q.Id).Distinct().Count(), 45, 50);
    }

    [Fact]
    public async Task AnswersToOtherQuestions_AreWaitedPast()
    {
        using var server = new FakeDnsServer(q =>
        [
            [], [1, 2, 3],
            new DnsMessage((ushort)(q.Id ^ 1), 0x8180, q.Name, q.Type).Address("6.6.6.6").Bytes,
            new DnsMessage(q.Id, 0x8180, "evil.internal", q.Type).Address("6.6.6.6").Bytes,
            new byte[65_000],
            q.Answer().Address("10.0.0.1").Bytes,
        ]);

        Assert.Equal(["10.0.0.1"], (await AskAsync("api.internal", server)).Addresses.Select(a => a.ToString()));
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("SERVFAIL")]
    [InlineData("malformed")]
    [InlineData("gone")]
    public async Task ServerThatCannot_LeavesTheNext_WhichIsAskedFirstFromThenOn(string what)
    {
        using var first = new FakeDnsServer(q => what switch
        {
            "SERVFAIL" => [q.Answer(0x8182).Bytes],
            "malformed" => [q.Answer().Claiming(7)],
            _ => [],
        });
        using var second = new FakeDnsServer(q => [q.Answer().Address("10.0.0.2").Bytes]);
        using var client = Client(first, second);
        if (what == "gone")
        {
            first.Dispose();
        }

        for (var i = 0; i < 3; i++)
        {
            var answer = await client.AskAsync("api.internal", DnsType.A, CancellationToken.None);
            Assert.Equal(["10.0.0.2"], answer.Addresses.Select(a => a.ToString()));
        }

        Assert.Equal(what == "gone" ? 0 : 1, first.Asked.Count);
        Assert.Equal(3, second.Asked.Count);
    }

    [Fact]
    public async Task NoServerThatAnswers_IsAFailureThatSaysWhich_InBoundedTime()
    {
        using var silent = new FakeDnsServer(_ => []);

        var answer = await AskAsync("api.internal", silent);

        Assert.Equal(DnsAnswerKind.Silent, answer.Kind);
        Assert.Equal("127.0.0.1: no answer within 0.3 s", answer.Problem);
        Assert.Equal(2, silent.Asked.Count);
    }

    [Fact]
    public async Task AnswerThatWasCut_IsAskedForOverTcp_HoweverLong()
    {
        using var server = new FakeDnsServer(q => [q.IsTcp ? Long(q) : q.Answer(0x8380).Bytes]);

        var answer = await AskAsync("api.internal", server);

        Assert.Equal(4000, answer.Addresses.Count);
        Assert.Equal([false, true], server.Asked.Select(q => q.IsTcp));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("cut again")]
    [InlineData("another id")]
    public async Task TcpAnswerThatIsNone_IsAFailure(string what)
    {
        using var server = new FakeDnsServer(q => !q.IsTcp ? [q.Answer(0x8380).Bytes] : what switch
        {
            "nothing" => [],
            "cut again" => [q.Answer(0x8380).Bytes],
            _ => [new DnsMessage((ushort)(q.Id ^ 1), 0x8180, q.Name, q.Type).Address("6.6.6.6").Bytes],
        });

        var answer = await AskAsync("api.internal", server);

        Assert.True(answer.IsFailure);
        Assert.Empty(answer.Addresses);
    }

    [Fact]
    public async Task ServerThatDoesNotKnowExtensions_IsAskedWithoutThem()
    {
        using var server = new FakeDnsServer(q =>
            [q.Extends ? [(byte)(q.Id >> 8), (byte)q.Id, 0x81, 0x81, 0, 0, 0, 0, 0, 0, 0, 0]
                : q.Answer().Address("10.0.0.1").Bytes]);

        Assert.True((await AskAsync("api.internal", server)).IsFound);
        // Once each, or more often where the machine is too busy to answer in time.
        Assert.Equal([true, false], server.Asked.Select(q => q.Extends).Distinct());
    }

    [Fact]
    public async Task ManyQuestionsToASilentServer_HoldNoThread_AndTheNextServerAnswersThemAll()
    {
        using var silent = new FakeDnsServer(_ => []);
        using var good = new FakeDnsServer(q => [q.Answer().Address("10.0.0.1").Bytes]);
        using var client = Client(silent, good);

        var all = Task.WhenAll(Enumerable.Range(0, 500).Select(
            i => client.AskAsync($"n{i}.internal", DnsType.A, CancellationToken.None)));
        // The pool has as many threads as processors at first, and one more every half second.
        Assert.Equal(1, await Task.Run(() => 1).WaitAsync(TimeSpan.FromSeconds(5)));

        Assert.All(await all.WaitAsync(Deadline), a => Assert.True(a.IsFound));
        // As many as are asked at once, and those again that the good server was too slow for: a busy machine.
        Assert.InRange(silent.Asked.Count, 1, 2 * 64);
    }

    [Fact]
    public async Task Cancellation_EndsTheWaitAtOnce()
    {
        using var silent = new FakeDnsServer(_ => []);
        using var stop = new CancellationTokenSource();
        using var client = new DnsClient(
            () => FakeDnsServer.Settings(silent) with { Timeout = TimeSpan.FromMinutes(5) }, TimeProvider.System);
        var asking = client.AskAsync("api.internal", DnsType.A, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Deadline));
    }

    [Fact]
    public async Task NameThatCannotTravel_DoesNotExist_AndNobodyIsAsked()
    {
        using var server = new FakeDnsServer(_ => []);

        Assert.Equal(DnsAnswerKind.NoSuchName, (await AskAsync(new string('a', 64) + ".internal", server)).Kind);
        Assert.Empty(server.Asked);
    }

    private static byte[] Long(Question question)
    {
        var message = question.Answer();
        for (var i = 0; i < 4000; i++)
        {
            message.Record(null, DnsType.A, [10, 1, (byte)(i >> 8), (byte)i]);
        }

        Assert.True(message.At > 64_000);
        return message.Bytes;
    }

    private static DnsClient Client(params FakeDnsServer[] servers)
    {
        var settings = FakeDnsServer.Settings(servers);
        return new DnsClient(() => settings, TimeProvider.System);
    }

    private static async Task<DnsAnswer> AskAsync(string name, FakeDnsServer server)
    {
        using var client = Client(server);
        return await client.AskAsync(name, DnsType.A, CancellationToken.None).WaitAsync(Deadline);
    }
}
