using System.Security.Authentication;
using System.Text;

namespace MiniLB.Tests.RequestPath.Accept.Tls;

public sealed class TlsWriterTests
{
    [Fact]
    public async Task Pieces_LeaveTogether_WithTheFlush_InTheirOrder()
    {
        // Of 1.3 the server says something more after the handshake.
        await using var pair = await TlsPair.OpenAsync(SslProtocols.Tls12);
        var all = "";
        for (var i = 0; i < 3000; i++)
        {
            var piece = $"{i},";
            Encoding.Latin1.GetBytes(piece, i % 2 == 0 ? pair.Output.GetSpan(8) : pair.Output.GetMemory(8).Span);
            pair.Output.Advance(piece.Length);
            all += piece;
            Assert.Equal(all.Length, pair.Output.UnflushedBytes);
        }

        Assert.False(pair.ToClient.Reader.TryRead(out _));
        Assert.False((await pair.Output.FlushAsync()).IsCompleted);

        Assert.Equal(0, pair.Output.UnflushedBytes);
        Assert.Equal(all, Encoding.Latin1.GetString(await pair.ClientReadsAsync(all.Length)));
    }

    [Fact]
    public async Task Write_ComesAfterWhatWaited()
    {
        await using var pair = await TlsPair.OpenAsync();
        "first "u8.CopyTo(pair.Output.GetSpan(6));
        pair.Output.Advance(6);
        var large = new byte[200_000];
        new Random(1).NextBytes(large);

        await pair.Output.WriteAsync(large);

        var all = await pair.ClientReadsAsync(6 + large.Length);
        Assert.Equal("first ", Encoding.Latin1.GetString(all[..6]));
        Assert.True(all.AsSpan(6).SequenceEqual(large));
    }

    [Fact]
    public async Task Room_IsAsLargeAsAsked_AndNoLargerThanItIs()
    {
        await using var pair = await TlsPair.OpenAsync();

        Assert.True(pair.Output.GetMemory().Length > 0);
        Assert.True(pair.Output.GetSpan(100_000).Length >= 100_000);
        var room = pair.Output.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Output.Advance(room + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => pair.Output.Advance(-1));
        pair.Output.Advance(room);
        Assert.True(pair.Output.GetSpan().Length > 0);
    }

    [Fact]
    public async Task Flush_OfNothing_SendsNothing()
    {
        await using var pair = await TlsPair.OpenAsync(SslProtocols.Tls12);

        Assert.False((await pair.Output.FlushAsync()).IsCompleted);

        Assert.False(pair.ToClient.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Write_AfterTheEnd_SaysNothing()
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.Server.EndAsync();
        Assert.Equal(0, await pair.Client.ReadAsync(new byte[1]).AsTask().WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.True((await pair.Output.WriteAsync("more"u8.ToArray())).IsCompleted);
        "more"u8.CopyTo(pair.Output.GetSpan(4));
        pair.Output.Advance(4);
        Assert.True((await pair.Output.FlushAsync()).IsCompleted);

        Assert.False(pair.ToClient.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Write_WhereTheClientHasGone_IsOver()
    {
        await using var pair = await TlsPair.OpenAsync();
        await pair.ToClient.Reader.CompleteAsync();

        Assert.True((await pair.Output.WriteAsync("a"u8.ToArray())).IsCompleted);
    }
}
