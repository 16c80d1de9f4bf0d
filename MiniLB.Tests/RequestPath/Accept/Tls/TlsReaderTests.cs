using System.Buffers;
using System.Security.Authentication;
using System.Text;

namespace MiniLB.Tests.RequestPath.Accept.Tls;

public sealed class TlsReaderTests
{
    private const int Record = 16 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task LargeBodies_BothWaysAtOnce_ArriveUnchanged(SslProtocols protocol)
    {
        await using var pair = await TlsPair.OpenAsync(protocol);
        var (up, down) = (Some(3_000_001), Some(4_000_003));

        var received = pair.ServerReadsAsync(up.Length);
        var answered = pair.ClientReadsAsync(down.Length);
        await Task.WhenAll(
            pair.Client.WriteAsync(up).AsTask(),
            Task.Run(() => pair.Output.WriteAsync(down).AsTask())).WaitAsync(Deadline);

        Assert.True((await received).AsSpan().SequenceEqual(up));
        Assert.True((await answered).AsSpan().SequenceEqual(down));
    }

    [Fact]
    public async Task Record_LargerThanTheRoom_IsReadInPieces_WithoutMoreInput()
    {
        await using var pair = await TlsPair.OpenAsync();
        var sent = Some(Record);
        await pair.Client.WriteAsync(sent);

        var (all, reads) = (new List<byte>(), 0);
        for (; all.Count < sent.Length; reads++)
        {
            var read = await pair.Input.ReadAsync().AsTask().WaitAsync(Deadline);
            all.AddRange(read.Buffer.ToArray());
            pair.Input.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal(sent, all);
        Assert.True(reads > 1, $"{reads} reads");
        Assert.False(pair.Input.TryRead(out _));
    }

    [Fact]
    public async Task TryRead_ReadsWhatIsThere_AndNothingElse()
    {
        await using var pair = await TlsPair.OpenAsync();
        Assert.False(pair.Input.TryRead(out _));
        var sent = Some(Record + 5);
        await pair.Client.WriteAsync(sent);

        var all = new List<byte>();
        while (pair.Input.TryRead(out var read))
        {
            Assert.False(read.IsCanceled || read.IsCompleted);
            all.AddRange(read.Buffer.ToArray());
            pair.Input.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal(sent, all);
    }

    [Fact]
    public async Task WhatWasNotConsumed_ComesAgain_WithWhatFollows()
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Client.WriteAsync("abc"u8.ToArray());
        var read = await pair.Input.ReadAsync();
        pair.Input.AdvanceTo(read.Buffer.GetPosition(1), read.Buffer.End);
        var waiting = pair.Input.ReadAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        await pair.Client.WriteAsync(Some(Record));

        read = await waiting.WaitAsync(Deadline);
        Assert.Equal("bc", Encoding.Latin1.GetString(read.Buffer.Slice(0, 2)));
        Assert.True(read.Buffer.Length > 2);
        pair.Input.AdvanceTo(read.Buffer.Start);
        Assert.Equal(Record + 2, (await pair.ServerReadsAsync(Record + 2)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task End_ToldOrNot_ComesAfterWhatWasSent(bool isTold)
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Client.WriteAsync(Some(Record));
        if (isTold)
        {
            await pair.Client.ShutdownAsync();
        }
        else
        {
            await pair.ToServer.Writer.CompleteAsync();
        }

        Assert.Equal(Record, (await pair.ServerReadsAsync(int.MaxValue)).Length);
        for (var i = 0; i < 2; i++)
        {
            var read = await pair.Input.ReadAsync().AsTask().WaitAsync(Deadline);
            Assert.True(read is { IsCompleted: true, Buffer.IsEmpty: true });
            pair.Input.AdvanceTo(read.Buffer.End);
        }
    }

    [Fact]
    public async Task WhatFollowsTheEndThatWasTold_IsNotRead()
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Client.WriteAsync("abc"u8.ToArray());
        await pair.Client.ShutdownAsync();
        await pair.ToServer.Writer.WriteAsync("anything"u8.ToArray());

        Assert.Equal("abc", Encoding.Latin1.GetString(await pair.ServerReadsAsync(int.MaxValue)));
    }

    [Fact]
    public async Task End_AmidARecord_GivesNothingOfIt()
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Client.WriteAsync("abc"u8.ToArray());
        // A record of 100 bytes of which two come.
        await pair.ToServer.Writer.WriteAsync(new byte[] { 23, 3, 3, 0, 100, 1, 2 });
        await pair.ToServer.Writer.CompleteAsync();

        Assert.Equal("abc", Encoding.Latin1.GetString(await pair.ServerReadsAsync(int.MaxValue)));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0017\u0003\u0003\u0000\u0014aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("\u0017\u0003\u0003\u00ff\u00ff")]
    public async Task Nonsense_InPlaceOfARecord_Fails_AfterWhatWasSound(string sent)
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Client.WriteAsync("abc"u8.ToArray());
        await pair.ToServer.Writer.WriteAsync(Encoding.Latin1.GetBytes(sent));

        Assert.Equal("abc", Encoding.Latin1.GetString(await pair.ServerReadsAsync(3)));
        var thrown = await Assert.ThrowsAsync<IOException>(() => pair.ServerReadsAsync(1));
        Assert.NotEqual("", thrown.Message);
        await Assert.ThrowsAsync<IOException>(() => pair.ServerReadsAsync(1));
        Assert.True((await pair.Output.WriteAsync("a"u8.ToArray())).IsCompleted);
    }

    [Fact]
    public async Task Read_ThatIsCancelled_SaysSo_AndGoesOnWhereItWas()
    {
        await using var pair = await TlsPair.OpenAsync();
        var waiting = pair.Input.ReadAsync().AsTask();
        pair.Input.CancelPendingRead();
        var read = await waiting.WaitAsync(Deadline);
        Assert.True(read is { IsCanceled: true, IsCompleted: false, Buffer.IsEmpty: true });
        pair.Input.AdvanceTo(read.Buffer.End);

        pair.Input.CancelPendingRead();
        await pair.Client.WriteAsync("abc"u8.ToArray());
        read = await pair.Input.ReadAsync().AsTask().WaitAsync(Deadline);
        Assert.True(read.IsCanceled);
        pair.Input.AdvanceTo(read.Buffer.Start);

        Assert.Equal("abc", Encoding.Latin1.GetString(await pair.ServerReadsAsync(3)));
    }

    [Fact]
    public async Task Reader_ThatIsComplete_ReadsNothing()
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Client.WriteAsync("abc"u8.ToArray());
        var read = await pair.Input.ReadAsync();
        pair.Input.AdvanceTo(read.Buffer.Start);

        await pair.Input.CompleteAsync();

        Assert.Empty(await pair.ServerReadsAsync(1));
    }

    private static byte[] Some(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
