using MiniLB.Wire.Http2;

namespace MiniLB.Tests.Wire.Http2;

public sealed class HuffmanTests
{
    [Fact]
    public void EachByte_IsReadAtWhateverBitItBegins()
    {
        for (var value = 0; value <= 255; value++)
        {
            for (var count = 1; count <= 8; count++)
            {
                var text = Enumerable.Repeat(value, count).ToArray();

                Assert.Equal(Latin1(text), Read(HuffmanWriter.Write(text).Encoded));
                // Zeros have five bits: with so many before it, each begins at another one.
                Assert.Equal(
                    new string('0', count) + Latin1([value, '0']),
                    Read(HuffmanWriter.Write([.. Enumerable.Repeat<int>('0', count), value, '0']).Encoded));
            }
        }
    }

    [Theory]
    [InlineData("f1e3c2e5f23a6ba0ab90f4ff", "www.example.com")]
    [InlineData("a8eb10649cbf", "no-cache")]
    [InlineData("25a849e95ba97d7f", "custom-key")]
    [InlineData("9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com")]
    [InlineData("", "")]
    public void Example_OfAppendixC_IsRead(string hex, string text) =>
        Assert.Equal(text, Read(Convert.FromHexString(hex)));

    [Fact]
    public void Padding_IsOnes_UpToSevenOfThem()
    {
        var (random, seen) = (new Random(1), new HashSet<int>());
        for (var i = 0; i < 5000; i++)
        {
            int[] text = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(256))];
            var (encoded, padding) = HuffmanWriter.Write(text);

            Assert.Equal(Latin1(text), Read(encoded));
            Assert.Null(Read([.. encoded, 0xFF]));
            if (padding > 0)
            {
                encoded[^1] ^= 1;
                Assert.Null(Read(encoded));
            }

            seen.Add(padding);
        }

        Assert.Equal(8, seen.Count);
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("ffff")]
    [InlineData("ffffffff")]
    [InlineData("fffffffe")]
    [InlineData("00")]
    [InlineData("fffffff0")]
    public void Bits_ThatEndWithinACode_AreNone(string hex) => Assert.Null(Read(Convert.FromHexString(hex)));

    [Fact]
    public void EndMark_WhereverItStands_IsNoText()
    {
        for (var before = 0; before < 8; before++)
        {
            var zeros = Enumerable.Repeat<int>('0', before);

            Assert.Null(Read(HuffmanWriter.Write([.. zeros, HuffmanWriter.EndMark]).Encoded));
            Assert.Null(Read(HuffmanWriter.Write([.. zeros, HuffmanWriter.EndMark, 'a']).Encoded));
        }
    }

    [Fact]
    public void RandomBytes_NeverNeedMoreRoomThanIsAsked()
    {
        var random = new Random(2);
        for (var i = 0; i < 20_000; i++)
        {
            var encoded = new byte[random.Next(40)];
            random.NextBytes(encoded);

            // The room is just as large as is said: more would throw.
            Read(i % 2 == 0 ? encoded : [.. encoded.Select(b => (byte)(b & random.Next(256)))]);
        }

        Assert.Equal(new string('0', 64), Read(new byte[40]));
    }

    /// <returns>Null for what is no code.</returns>
    private static string? Read(byte[] encoded)
    {
        var room = new byte[Huffman.MostBytes(encoded.Length)];
        var count = Huffman.Decode(encoded, room);
        return count < 0 ? null : Heads.Text(room.AsSpan(0, count));
    }

    private static string Latin1(IEnumerable<int> text) => string.Concat(text.Select(c => (char)c));
}
