using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Peers;

/// <summary>Where a backend knows a client by its connection (NTLM, Negotiate), no other client gets onto
/// that connection.</summary>
public sealed partial class ConnectionAuthJourney
{
    private readonly ConditionalWeakTable<RawConnection, Login> _logins = [];
    private int _connections;

    [Theory]
    [InlineData("NTLM", "WWW-Authenticate: NTLM")]
    [InlineData("Negotiate", "WWW-Authenticate: Negotiate")]
    [InlineData("ntlm", "www-authenticate: ntlm")]
    [InlineData("NTLM", "WWW-Authenticate: Basic realm=\"x, y\"\r\nWWW-Authenticate: NTLM")]
    [InlineData("Negotiate", "WWW-Authenticate: Basic realm=\"x\", Negotiate, NTLM")]
    public async Task ClientThatLogsIn_KeepsTheConnectionToItself(string scheme, string asked)
    {
        await using var backend = new RawBackend((c, head) => AnswerAsync(c, head, asked));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var alice = await RawConnection.OpenAsync(program.Url);
        await using var bob = await RawConnection.OpenAsync(program.Url);

        Assert.Equal("401 nobody", (await AskAsync(alice, "")).Answer);
        await AnswersNobodyAsync(bob);
        Assert.Equal("401 challenged", (await AskAsync(alice, $"Authorization: {scheme} one\r\n")).Answer);
        await AnswersNobodyAsync(bob);
        var (answer, home) = await AskAsync(alice, $"Authorization: {scheme} three\r\n");
        Assert.Equal("200 known", answer);

        for (var i = 0; i < 5; i++)
        {
            var (others, elsewhere) = await AskAsync(bob, "");
            Assert.Equal("401 nobody", others);
            Assert.NotEqual(home, elsewhere);
            Assert.Equal(("200 known", home), await AskAsync(alice, ""));
        }
    }

    [Fact]
    public async Task ConnectionOfAClientThatLeft_IsNotUsedAgain()
    {
        await using var backend = new RawBackend((c, head) => AnswerAsync(c, head, "WWW-Authenticate: NTLM"));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        var alice = await RawConnection.OpenAsync(program.Url);
        await AskAsync(alice, "");
        await AskAsync(alice, "Authorization: NTLM one\r\n");
        Assert.Equal("200 known", (await AskAsync(alice, "Authorization: NTLM three\r\n")).Answer);

        await alice.DisposeAsync();

        for (var i = 0; i < 5; i++)
        {
            await using var next = await RawConnection.OpenAsync(program.Url);
            await AnswersNobodyAsync(next);
        }
    }

    [Fact]
    public async Task ClientThatLogsInUnasked_KeepsTheConnectionToItself()
    {
        await using var backend = new RawBackend((c, head) => AnswerAsync(c, head, "WWW-Authenticate: NTLM"));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);
        await using var alice = await RawConnection.OpenAsync(program.Url);
        await using var bob = await RawConnection.OpenAsync(program.Url);

        Assert.Equal("401 challenged", (await AskAsync(alice, "Authorization: NTLM one\r\n")).Answer);
        await AnswersNobodyAsync(bob);
        Assert.Equal("200 known", (await AskAsync(alice, "Authorization: NTLM three\r\n")).Answer);

        await AnswersNobodyAsync(bob);
        Assert.Equal("200 known", (await AskAsync(alice, "")).Answer);
    }

    [Fact]
    public async Task OtherSchemes_DoNotTieAConnection()
    {
        await using var backend = new RawBackend((c, head) =>
            AnswerAsync(c, head, "WWW-Authenticate: Basic realm=\"NTLM, Negotiate\", Bearer"));
        await using var program = await RunningProgram.BalanceAsync("--backend", backend.Url);

        for (var i = 0; i < 20; i++)
        {
            await using var client = await RawConnection.OpenAsync(program.Url);
            await AskAsync(client, "Authorization: Basic bmVnb3RpYXRl\r\n");
        }

        // Not one, because a client may ask before the connection of the one before it is put back.
        Assert.InRange(_connections, 1, 10);
    }

    /// <summary>Knows a connection by what was said on it before, as such servers do.</summary>
    private Task AnswerAsync(RawConnection connection, string head, string asked)
    {
        var login = _logins.GetValue(connection, _ => new Login { Number = Interlocked.Increment(ref _connections) });
        login.State = head switch
        {
            _ when head.Contains(" one\r\n", StringComparison.Ordinal) => "challenged",
            _ when head.Contains(" three\r\n", StringComparison.Ordinal) && login.State == "challenged" => "known",
            _ when login.State == "known" => "known",
            _ => "nobody",
        };
        var status = login.State == "known" ? "200 OK" : $"401 Unauthorized\r\n{asked}";
        return connection.SendAsync(
            $"HTTP/1.1 {status}\r\nX-Connection: {login.Number}\r\nContent-Length: {login.State.Length}\r\n\r\n"
            + login.State);
    }

    private static async Task<(string Answer, string Connection)> AskAsync(RawConnection client, string field)
    {
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: h\r\n{field}\r\n");
        var (head, body) = await client.ReadResponseAsync();
        return ($"{head.Split(' ')[1]} {body}", Number().Match(head).Groups[1].Value);
    }

    private static async Task AnswersNobodyAsync(RawConnection client) =>
        Assert.Equal("401 nobody", (await AskAsync(client, "")).Answer);

    [GeneratedRegex(@"\r\nX-Connection: (\d+)\r\n")]
    private static partial Regex Number();

    /// <summary>What the backend remembers of a connection.</summary>
    private sealed class Login
    {
        public required int Number { get; init; }

        public string State { get; set; } = "nobody";
    }
}
