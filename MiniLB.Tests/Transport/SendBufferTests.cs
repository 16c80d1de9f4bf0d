using System.Buffers;
using System.Text;
using MiniLB.Transport;

namespace MiniLB.Tests.Transport;

public sealed class SendBufferTests
{
    [Fact]
    public void Pieces_AreKeptInOrder_WhileTheBufferGrows()
    {
        var buffer = new SendBuffer();
        var expected = new StringBuilder();
        for (var i = 0; i < 500; i++)
        {
            buffer.Write($"{i} \u00ff");
            buffer.Write("\r\n"u8);
            buffer.WriteHexadecimal(i);
            expected.Append($"{i} \u00ff\r\n{i:x}");
        }

        Assert.Equal(expected.ToString(), Text(buffer));
        Assert.Equal(expected.Length, buffer.Length);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(255, "ff")]
    [InlineData(long.MaxValue, "7fffffffffffffff")]
    public void Hexadecimal_HasNoLeadingZero(long number, string text)
    {
        var buffer = new SendBuffer();

        buffer.WriteHexadecimal(number);

        Assert.Equal(text, Text(buffer));
    }

    [Theory]
    [InlineData(2047)]
    [InlineData(2048)]
    [InlineData(2049)]
    [InlineData(100_000)]
    public void Piece_AtTheEdgeOfTheRoom_IsKeptWhole(int length)
    {
        var buffer = new SendBuffer();
        var text = new string('a', length);

        buffer.Write(new ReadOnlySequence<byte>(Encoding.Latin1.GetBytes(text)));
        buffer.WriteHexadecimal(10);

        Assert.Equal(text + "a", Text(buffer));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100_000)]
    public void ClearedBuffer_IsEmptyAndFitForMore(int length)
    {
        var buffer = new SendBuffer();
        buffer.Write(new byte[length]);

        buffer.Clear();
        buffer.Write("a"u8);

        Assert.Equal("a", Text(buffer));
    }

    private static string Text(SendBuffer buffer) => Encoding.Latin1.GetString(buffer.Written.Span);
}
