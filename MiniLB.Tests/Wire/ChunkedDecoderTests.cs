using System.Text;
using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class ChunkedDecoderTests
{
    private static readonly HeadLimits Limits = new(0, 40, 3);

    [Theory]
    [InlineData("0\r\n\r\n", "", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello", "")]
    [InlineData("1\r\na\r\n0002\r\nbc\r\nA\r\n0123456789\r\n0\r\n\r\n", "abc0123456789", "")]
    [InlineData("3;a=b\r\n\r\n\n\r\n000;x\r\n\r\n", "\r\n\n", "")]
    [InlineData("3 \t ;a=\"b;c\"\r\nabc\r\n0\r\n\r\n", "abc", "")]
    [InlineData("0\r\nA: b\r\nC:d\r\n\r\n", "", "A=b C=d")]
    [InlineData("2\r\nab\r\n0;z\r\nA: \u00ff\r\n\r\n", "ab", "A=\u00ff")]
    public void Body_InTwoPiecesSplitAnywhere_IsReadAlike(string input, string data, string trailers)
    {
        const string Next = "GET / HTTP/1.1";
        for (var split = 0; split <= input.Length + Next.Length; split++)
        {
            var decoder = new ChunkedDecoder();
            var all = input + Next;

            Assert.Equal((data, input.Length), Run(decoder, all[..split], all[split..]));
            Assert.True(decoder.IsDone, $"split at {split}");
            Assert.Equal(trailers, Heads.Passing(decoder.Trailers));
        }
    }

    [Theory]
    [InlineData("3;a=b\r\nabc\r\n0\r\nA: b\r\n\r\n", "abc")]
    public void Body_InSingleBytes_IsReadAlike(string input, string data)
    {
        var decoder = new ChunkedDecoder();

        Assert.Equal((data, input.Length), Run(decoder, [.. input.Select(c => c.ToString())]));
        Assert.Equal("A=b", Heads.Passing(decoder.Trailers));
    }

    [Theory]
    [InlineData("\r\n", "Chunk")]
    [InlineData("g\r\n", "Chunk")]
    [InlineData("5\n", "Chunk")]
    [InlineData("-5\r\n", "Chunk")]
    [InlineData("+5\r\n", "Chunk")]
    [InlineData("0x5\r\n", "Chunk")]
    [InlineData(" 5\r\n", "Chunk")]
    [InlineData("5 \r\n", "Chunk")]
    [InlineData("5 5\r\n", "Chunk")]
    [InlineData("5,\r\n", "Chunk")]
    [InlineData("5;a\u0000\r\n", "Chunk")]
    [InlineData("5;a\rb\r\n", "Chunk")]
    [InlineData("5;a\n0\r\n", "Chunk")]
    [InlineData("8000000000000000\r\n", "Chunk")]
    [InlineData("ffffffffffffffff\r\n", "Chunk")]
    [InlineData("10000000000000005\r\n", "Chunk")]
    [InlineData("1\r\nab\r\n", "Chunk")]
    [InlineData("1\r\na\n", "Chunk")]
    [InlineData("1\r\na\r\r\n", "Chunk")]
    [InlineData("1\r\na0\r\n", "Chunk")]
    [InlineData("0\r\n\n", "Chunk")]
    [InlineData("0\r\nA: b\n\r\n", "Chunk")]
    [InlineData("0\r\nA : b\r\n", "FieldName")]
    [InlineData("0\r\n A: b\r\n", "FieldName")]
    [InlineData("0\r\nA: b\u0000\r\n", "FieldValue")]
    [InlineData("0\r\nA\r\n", "FieldName")]
    [InlineData("0\r\nA:1\r\nB:2\r\nC:3\r\nD:4\r\n", "TooManyFields")]
    [InlineData("0\r\nA: 0123456789012345678901234567890123456\r\n", "HeadTooLarge")]
    [InlineData("0\r\nA: 0123456789012345\r\nB: 01234567890123456\r\n", "HeadTooLarge")]
    public void Nonsense_SplitAnywhere_IsRefused(string input, string error)
    {
        for (var split = 0; split <= input.Length; split++)
        {
            var decoder = new ChunkedDecoder();
            Run(decoder, input[..split], input[split..]);

            Assert.True(error == decoder.Error.ToString(), $"split at {split}: {decoder.Error}");
            Assert.False(decoder.IsDone);
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1\r\nab")]
    [InlineData("1\r\na\rb")]
    public void Nonsense_IsNotWaitedForUntilALineEnds(string input)
    {
        var decoder = new ChunkedDecoder();

        Run(decoder, input);

        Assert.Equal(WireError.Chunk, decoder.Error);
    }

    [Theory]
    [InlineData(1024, "None")]
    [InlineData(1025, "ChunkLineTooLong")]
    public void ChunkLine_AtItsLimit_SplitAnywhere_IsReadOrRefused(int length, string error)
    {
        var line = "0;" + new string('a', length - 2) + "\r\n";
        foreach (var split in (int[])[0, 1, 2, length / 2, length - 1, length, length + 1, length + 2])
        {
            var decoder = new ChunkedDecoder();
            Run(decoder, line[..split], line[split..]);

            Assert.True(error == decoder.Error.ToString(), $"split at {split}: {decoder.Error}");
        }
    }

    [Fact]
    public void ChunkLine_WithoutAnEnd_IsHeldNoLongerThanItsLimit()
    {
        var decoder = new ChunkedDecoder();
        decoder.Begin(Limits);
        var taken = 0;
        for (; taken < 5000 && decoder.Error == WireError.None; taken++)
        {
            decoder.Decode(taken == 0 ? "1"u8 : ";"u8, out _);
        }

        Assert.Equal(WireError.ChunkLineTooLong, decoder.Error);
        Assert.Equal(1027, taken);
    }

    [Fact]
    public void Extensions_InAll_AreBounded()
    {
        var decoder = new ChunkedDecoder();
        var chunk = "1;" + new string('e', 1000) + "\r\na\r\n";

        var (data, _) = Run(decoder, string.Concat(Enumerable.Repeat(chunk, 100)));

        Assert.Equal(WireError.ChunkLineTooLong, decoder.Error);
        Assert.Equal(64 * 1024 / 1001, data.Length);
    }

    [Theory]
    [InlineData(33, "None")]
    [InlineData(34, "HeadTooLarge")]
    public void Trailers_AtTheirLimit_SplitAnywhere_AreReadOrRefused(int value, string error)
    {
        var input = $"0\r\nABC: {new string('v', value)}\r\n\r\n";
        for (var split = 0; split <= input.Length; split++)
        {
            var decoder = new ChunkedDecoder();
            Run(decoder, input[..split], input[split..]);

            Assert.True(error == decoder.Error.ToString(), $"split at {split}: {decoder.Error}");
        }
    }

    [Fact]
    public void LargestSize_IsCountedDownWithoutOverflow()
    {
        var decoder = new ChunkedDecoder();

        var (data, consumed) = Run(decoder, "7FFFFFFFFFFFFFFF\r\nabc");

        Assert.Equal(("abc", 21), (data, consumed));
        Assert.Equal(long.MaxValue - 3, decoder.LeftInChunk);
    }

    [Theory]
    [InlineData("0\r\nA: b\r\n\r\n")]
    [InlineData("5\r\nab")]
    [InlineData("5;abc")]
    [InlineData("zz\r\n")]
    [InlineData("0\r\nA: b")]
    public void Decoder_BegunAnew_KeepsNothingOfTheLastBody(string before)
    {
        var decoder = new ChunkedDecoder();
        Run(decoder, before);

        Assert.Equal(("x", 11), Run(decoder, "1\r\nx\r\n0\r\n\r\n"));
        Assert.True(decoder.IsDone);
        Assert.Equal(0, decoder.Trailers.Count);
    }

    private static (string Data, int Consumed) Run(ChunkedDecoder decoder, params string[] pieces)
    {
        decoder.Begin(Limits);
        var data = new StringBuilder();
        var all = 0;
        foreach (var piece in pieces)
        {
            var rest = Heads.Bytes(piece).AsSpan();
            while (!rest.IsEmpty && !decoder.IsDone && decoder.Error == WireError.None)
            {
                data.Append(Heads.Text(decoder.Decode(rest, out var consumed)));
                Assert.True(consumed > 0);
                rest = rest[consumed..];
                all += consumed;
            }
        }

        return (data.ToString(), all);
    }
}
