using System.Buffers;
using System.Text;
using MiniLB.RequestPath.Forward;
using MiniLB.Tests.Wire;
using Http2RequestBody = MiniLB.RequestPath.Accept.Http2.Http2RequestBody;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

public sealed class Http2RequestBodyTests
{
    private readonly Http2RequestBody _body;
    private int _taken;

    public Http2RequestBodyTests() => _body = new Http2RequestBody(bytes => _taken += bytes);

    [Theory]
    [InlineData(null)]
    [InlineData(11L)]
    public async Task Body_InPieces_IsReadToItsEnd(long? length)
    {
        _body.Begin(exists: true, length, most: 0);
        Assert.False(_body.HasBegun);
        var reading = ReadAllAsync();
        Assert.False(reading.IsCompleted);

        Assert.True(Append("hello") && Append("") && Append(" ") && Append("world"));
        Assert.True(_body.HasBegun);
        Assert.False(reading.IsCompleted);
        Assert.True(_body.TryEnd());

        Assert.Equal("hello world", await reading);
        Assert.Equal(11, _taken);
        Assert.Equal(0, _body.End());
    }

    [Fact]
    public async Task Body_ThatWasThereBeforeItWasRead_IsReadAtOnce()
    {
        _body.Begin(exists: true, null, most: 0);
        Assert.True(Append(new string('a', 100_000)) && Append("b") && _body.TryEnd());
        Assert.Equal(0, _taken);

        Assert.Equal(new string('a', 100_000) + "b", await ReadAllAsync());
        Assert.Equal(100_001, _taken);
    }

    [Fact]
    public async Task NoBody_EndsAtOnce_AndTakesNothing()
    {
        _body.Begin(exists: false, null, most: 0);

        Assert.Equal("", await ReadAllAsync());
        Assert.True(_body.TryEnd());
        _body.Fail(ForwardError.ClientGone);
        Assert.Equal("", await ReadAllAsync());
        _body.CancelPendingRead();
        Assert.Equal((0, 0), (_body.End(), _taken));
    }

    [Theory]
    [InlineData(5L, "123456", false)]
    [InlineData(0L, "1", false)]
    [InlineData(6L, "123456", true)]
    public void Body_LongerThanAnnounced_IsRefused(long length, string sent, bool isTaken)
    {
        _body.Begin(exists: true, length, most: 0);

        Assert.Equal(isTaken, Append(sent));
    }

    [Fact]
    public void Body_LongerThanAnnounced_InAll_IsRefused()
    {
        _body.Begin(exists: true, 5, most: 0);

        Assert.True(Append("123") && Append("45"));
        Assert.False(Append("6"));
    }

    [Theory]
    [InlineData(5L, "1234", false)]
    [InlineData(1L, "", false)]
    [InlineData(5L, "12345", true)]
    [InlineData(0L, "", true)]
    [InlineData(null, "", true)]
    public void Body_ShorterThanAnnounced_HasNoEnd(long? length, string sent, bool hasEnd)
    {
        _body.Begin(exists: true, length, most: 0);
        Append(sent);

        Assert.Equal(hasEnd, _body.TryEnd());
    }

    [Theory]
    [InlineData(5L, "12345", null)]
    [InlineData(5L, "123456", "RequestBodyTooLarge")]
    [InlineData(0L, "123456", null)]
    public async Task Body_LargerThanAllowed_NamesItsError(long most, string sent, string? error)
    {
        _body.Begin(exists: true, null, most);

        // Its rest is still received, as the client's windows are those of others too.
        Assert.True(Append(sent[..3]) && Append(sent[3..]) && (error is null || Append("more")) && _body.TryEnd());

        var thrown = await Record.ExceptionAsync(ReadAllAsync);
        Assert.Equal(error, (thrown as RequestBodyException)?.Error.ToString());
        Assert.Equal(error is null, thrown is null);
    }

    [Fact]
    public void Body_LargerThanAllowed_LeavesWhatNobodyWillTake()
    {
        _body.Begin(exists: true, null, most: 5);
        Append("123");
        Append("456");
        Append("789");

        Assert.Equal(9, _body.End());
        Assert.Equal(0, _taken);
    }

    [Fact]
    public async Task Failure_AfterData_ComesAfterTheData_AndOnlyTheFirstCounts()
    {
        _body.Begin(exists: true, null, most: 0);
        Append("abc");
        var read = await _body.ReadAsync();
        Assert.Equal("abc", Encoding.Latin1.GetString(read.Buffer));
        _body.AdvanceTo(read.Buffer.End);
        var waiting = _body.ReadAsync().AsTask();

        _body.Fail(ForwardError.RequestBodyInvalid);
        _body.Fail(ForwardError.ClientGone);

        Assert.Equal(
            ForwardError.RequestBodyInvalid, (await Assert.ThrowsAsync<RequestBodyException>(() => waiting)).Error);
        Assert.True(Append("more") && _body.TryEnd());
        Assert.Equal(
            ForwardError.RequestBodyInvalid, (await Assert.ThrowsAsync<RequestBodyException>(ReadAllAsync)).Error);
    }

    [Fact]
    public async Task Read_ThatIsCancelled_SaysSo_AndGoesOnWhereItWas()
    {
        _body.Begin(exists: true, null, most: 0);
        var waiting = _body.ReadAsync().AsTask();
        _body.CancelPendingRead();
        var cancelled = await waiting;
        Assert.True(cancelled is { IsCanceled: true, IsCompleted: false });
        _body.AdvanceTo(cancelled.Buffer.End);

        Append("ab");
        _body.CancelPendingRead();
        Assert.True((await _body.ReadAsync()).IsCanceled);
        Assert.Equal(0, _taken);
        Append("c");
        Assert.True(_body.TryEnd());

        Assert.Equal("abc", await ReadAllAsync());
        Assert.Equal(3, _taken);
    }

    [Fact]
    public async Task End_GivesBackWhatNobodyHasTaken_Once()
    {
        _body.Begin(exists: true, null, most: 0);
        Append("abc");
        var read = await _body.ReadAsync();
        _body.AdvanceTo(read.Buffer.End);
        Append("defgh");

        Assert.Equal(5, _body.End());
        Assert.Equal(0, _body.End());
        Assert.Equal(3, _taken);
    }

    [Fact]
    public void Data_ThatComesAfterTheEnd_IsGivenBackAtOnce()
    {
        _body.Begin(exists: true, null, most: 0);
        Append("abc");
        Assert.Equal(3, _body.End());

        Assert.True(Append("defg"));

        Assert.Equal(4, _taken);
        Assert.Equal(0, _body.End());
    }

    [Fact]
    public async Task EachBody_BeginsAnew()
    {
        foreach (var (exists, length, most, sent) in ((bool, long?, long, string)[])[
            (true, 3, 2, "abc"), (true, 3, 0, "abc"), (false, null, 0, ""), (true, null, 3, "def")])
        {
            _body.Begin(exists, length, most);
            Assert.False(_body.HasBegun);
            Assert.True(sent.Length == 0 || Append(sent));
            Assert.True(_body.TryEnd());
            if (most != 2)
            {
                Assert.Equal(sent, await ReadAllAsync());
            }

            _body.End();
        }
    }

    private bool Append(string text) => _body.TryAppend(Heads.Bytes(text));

    private async Task<string> ReadAllAsync()
    {
        var all = new StringBuilder();
        while (true)
        {
            var read = await _body.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            all.Append(Encoding.Latin1.GetString(read.Buffer));
            _body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return all.ToString();
            }
        }
    }
}
