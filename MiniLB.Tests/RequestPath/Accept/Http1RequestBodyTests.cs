using System.Buffers;
using System.Text;
using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Accept;

public sealed class Http1RequestBodyTests
{
    private const string Next = "GET /next HTTP/1.1\r\n";

    private readonly TestConnection _connection = new();

    [Theory]
    [InlineData("Content-Length: 11", "hello world", "hello world")]
    [InlineData("Transfer-Encoding: chunked", "5\r\nhello\r\n6;x\r\n world\r\n0\r\nA: b\r\n\r\n", "hello world")]
    [InlineData("Transfer-Encoding: chunked", "0\r\n\r\n", "")]
    [InlineData("Content-Length: 0", "", "")]
    [InlineData("A: b", "", "")]
    public async Task Body_InPiecesOfEverySize_EndsWhereTheNextRequestBegins(string field, string sent, string data)
    {
        for (var size = 1; size <= sent.Length + 1; size++)
        {
            var connection = new TestConnection();
            var body = Begin(connection, field);
            connection.SendApart((sent + Next).Chunk(size).Select(piece => new string(piece)));

            Assert.Equal(data, await ReadAllAsync(body));
            Assert.True(body.IsComplete);
            Assert.Equal(Next, connection.Left());
            Assert.Equal(data.Length > 0, body.HasBegun);
        }
    }

    [Fact]
    public async Task Trailers_AreThereOnceTheBodyHasBeenRead()
    {
        var body = Begin(_connection, "Transfer-Encoding: chunked");
        _connection.Send("1\r\na\r\n0\r\nA: b\r\nC: d\r\n\r\n");

        await ReadAllAsync(body);

        Assert.Equal("A=b C=d", Heads.Passing(body.Trailers));
    }

    [Fact]
    public async Task EachBody_BeginsAnew()
    {
        var body = new Http1RequestBody(_connection.Input);
        foreach (var (field, sent) in ((string, string)[])[
            ("Transfer-Encoding: chunked", "1\r\na\r\n0\r\nA: b\r\n\r\n"), ("Content-Length: 1", "a"),
            ("Transfer-Encoding: chunked", "1\r\na\r\n0\r\n\r\n")])
        {
            Begin(body, field);
            Assert.False(body.HasBegun || body.IsComplete);
            _connection.Send(sent);
            Assert.Equal("a", await ReadAllAsync(body));
        }

        Assert.Equal(0, body.Trailers.Count);
        Assert.Equal("", _connection.Left());
    }

    [Theory]
    [InlineData("Content-Length: 5", "1234", "ClientGone")]
    [InlineData("Transfer-Encoding: chunked", "5\r\n1234", "ClientGone")]
    [InlineData("Transfer-Encoding: chunked", "5\r\n12345\r\n0\r\n", "ClientGone")]
    [InlineData("Transfer-Encoding: chunked", "", "ClientGone")]
    [InlineData("Transfer-Encoding: chunked", "x\r\n", "RequestBodyInvalid")]
    [InlineData("Transfer-Encoding: chunked", "1\r\nab", "RequestBodyInvalid")]
    [InlineData("Transfer-Encoding: chunked", "0\r\nA:1\r\nA:2\r\nA:3\r\n", "RequestTrailersTooLarge")]
    [InlineData("Transfer-Encoding: chunked", "0\r\nA: 12345678901234567890\r\n", "RequestTrailersTooLarge")]
    public async Task Body_ThatIsBroken_NamesItsError(string field, string sent, string error)
    {
        var body = Begin(_connection, field);
        _connection.Send(sent);
        _connection.End();

        var thrown = await Assert.ThrowsAsync<RequestBodyException>(() => ReadAllAsync(body));

        Assert.Equal(error, thrown.Error.ToString());
        Assert.False(body.IsComplete);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", 5, null)]
    [InlineData("Transfer-Encoding: chunked", "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n", 5, "RequestBodyTooLarge")]
    [InlineData("Content-Length: 5", "abcde", 5, null)]
    public async Task Body_LargerThanAllowed_IsRefused(string field, string sent, int most, string? error)
    {
        var body = new Http1RequestBody(_connection.Input);
        Begin(body, field, most);
        _connection.Send(sent);

        var thrown = await Record.ExceptionAsync(() => ReadAllAsync(body));

        Assert.Equal(error, (thrown as RequestBodyException)?.Error.ToString());
    }

    [Fact]
    public async Task Body_AskedToStop_SaysSo_AndGoesOnWhereItWas()
    {
        var body = Begin(_connection, "Transfer-Encoding: chunked");
        var read = body.ReadAsync().AsTask();
        body.CancelPendingRead();
        Assert.True((await read).IsCanceled);

        _connection.Send("3\r\nab");
        body.CancelPendingRead();
        Assert.True((await body.ReadAsync()).IsCanceled);
        _connection.Send("c\r\n0\r\n\r\n");

        Assert.Equal("abc", await ReadAllAsync(body));
    }

    [Theory]
    [InlineData("Content-Length: 262144", 262144, true)]
    [InlineData("Content-Length: 262145", 262145, false)]
    [InlineData("Content-Length: 5", 4, false)]
    [InlineData("A: b", 0, true)]
    public async Task Discard_ReadsToTheEnd_WithinLimits(string field, int sent, bool whole)
    {
        var body = Begin(_connection, field);
        _connection.Send(new string('a', sent) + (whole ? Next : ""));
        _connection.End();

        Assert.Equal(whole, await body.DiscardAsync(_connection.Client));
        Assert.Equal(whole, _connection.Left() == Next);
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", true)]
    [InlineData("5\r\nhelloX", false)]
    public async Task Discard_OfChunks_TellsWhetherTheirEndWasReached(string sent, bool whole)
    {
        var body = Begin(_connection, "Transfer-Encoding: chunked");
        _connection.Send(sent);

        Assert.Equal(whole, await body.DiscardAsync(_connection.Client));
    }

    [Fact]
    public async Task Discard_OfEndlessChunks_GivesUp()
    {
        var body = Begin(_connection, "Transfer-Encoding: chunked");
        _connection.Send(string.Concat(Enumerable.Repeat($"10000\r\n{new string('a', 65_536)}\r\n", 6)));

        Assert.False(await body.DiscardAsync(_connection.Client));
    }

    private static Http1RequestBody Begin(TestConnection connection, string field)
    {
        var body = new Http1RequestBody(connection.Input);
        Begin(body, field);
        return body;
    }

    private static void Begin(Http1RequestBody body, string field, long most = 0)
    {
        Assert.Equal(WireError.None, Heads.Read($"PUT / HTTP/1.1\r\nHost: a\r\n{field}\r\n\r\n", out var head));
        body.Begin(head, most, new HeadLimits(0, 20, 2));
    }

    private static async Task<string> ReadAllAsync(Http1RequestBody body)
    {
        var all = new StringBuilder();
        while (true)
        {
            var read = await body.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            all.Append(Encoding.Latin1.GetString(read.Buffer));
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return all.ToString();
            }
        }
    }
}
