using System.Text;
using MiniLB.Wire.Http2;

namespace MiniLB.Tests.Wire.Http2;

public sealed class HpackDecoderTests
{
    private const string First = ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com";
    private const string Second = First + "\ncache-control: no-cache";
    private const string Third = ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\n"
        + "custom-key: custom-value";

    private const string Moved = "\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\n"
        + "location: https://www.example.com";

    private const string SetCookie = "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1";

    [Theory]
    [InlineData(
        "828684410f7777772e6578616d706c652e636f6d", "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")]
    [InlineData(
        "828684418cf1e3c2e5f23a6ba0ab90f4ff", "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf")]
    public void ThreeRequests_OfAppendixC_AreRead(string first, string second, string third)
    {
        var decoder = new HpackDecoder(4096);

        Assert.Equal(First, Read(decoder, first));
        Assert.Equal(Second, Read(decoder, second));
        Assert.Equal(Third, Read(decoder, third));
        Assert.Equal(
            "custom-key: custom-value\ncache-control: no-cache\n:authority: www.example.com", Read(decoder, "bebfc0"));
        Assert.Null(Read(decoder, "c1"));
    }

    [Fact]
    public void ThreeAnswers_OfAppendixC_InASmallTable_AreRead()
    {
        var decoder = new HpackDecoder(256);

        Assert.Equal(":status: 302" + Moved, Read(
            decoder,
            "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43"
                + "d3"));
        Assert.Equal(":status: 307" + Moved, Read(decoder, "4883640effc1c0bf"));
        Assert.Equal(
            ":status: 200" + Moved.Replace(":21 GMT", ":22 GMT", StringComparison.Ordinal)
                + "\ncontent-encoding: gzip\nset-cookie: " + SetCookie,
            Read(
                decoder,
                "88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960"
                    + "d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007"));
        Assert.Equal(
            $"set-cookie: {SetCookie}\ncontent-encoding: gzip\ndate: Mon, 21 Oct 2013 20:13:22 GMT",
            Read(decoder, "bebfc0"));
        Assert.Null(Read(decoder, "c1"));
    }

    [Theory]
    [InlineData("400a637573746f6d2d6b65790d637573746f6d2d686561646572", "custom-key: custom-header", true)]
    [InlineData("040c2f73616d706c652f70617468", ":path: /sample/path", false)]
    [InlineData("100870617373776f726406736563726574", "password: secret", false)]
    public void Literal_OfAppendixC_IsRememberedOnlyWhereItSaysSo(string hex, string field, bool isKept)
    {
        var decoder = new HpackDecoder(4096);

        Assert.Equal(field, Read(decoder, hex));
        Assert.Equal(isKept ? field : null, Read(decoder, "be"));
    }

    [Theory]
    [InlineData("80")]
    [InlineData("be")]
    [InlineData("ff00")]
    [InlineData("ff80808001")]
    [InlineData("7f000161")]
    [InlineData("0f2f0161")]
    public void Index_OfNoField_IsRefused(string hex) => Assert.Null(Read(new HpackDecoder(4096), hex));

    [Theory]
    [InlineData("ff")]
    [InlineData("ff80")]
    [InlineData("ffffffff7f")]
    [InlineData("ffffffffff0f")]
    [InlineData("ffffffffffffffffff7f")]
    [InlineData("ff80808080808080808000")]
    [InlineData("3fe2ffffff0f")]
    [InlineData("3fe1ffffffff0f")]
    [InlineData("3f")]
    [InlineData("0f")]
    [InlineData("007f8080808010")]
    [InlineData("007fffffff7f")]
    [InlineData("00")]
    [InlineData("0001")]
    [InlineData("000161")]
    [InlineData("00016102")]
    [InlineData("0001610261")]
    [InlineData("04")]
    [InlineData("0402")]
    [InlineData("40")]
    [InlineData("410362")]
    [InlineData("10")]
    public void Number_OrText_ThatIsCutOrTooLarge_IsRefused(string hex) =>
        Assert.Null(Read(new HpackDecoder(4096), hex));

    [Theory]
    [InlineData("008161ff00")]
    [InlineData("00820fff0161")]
    [InlineData("000161821fff")]
    [InlineData("00016184ffffffff")]
    [InlineData("0001618100")]
    public void Text_ThatIsNoHuffmanCode_IsRefused(string hex) => Assert.Null(Read(new HpackDecoder(4096), hex));

    [Theory]
    [InlineData("0f000161")]
    [InlineData("0f80000161")]
    [InlineData("0f8080000161")]
    [InlineData("0f808080000161")]
    public void Number_InMoreBytesThanItNeeds_IsTheSame(string hex) =>
        Assert.Equal("accept-charset: a", Read(new HpackDecoder(4096), hex));

    [Fact]
    public void TableSize_IsObeyed_OneAfterAnother_BeforeTheFirstFieldOnly()
    {
        var decoder = new HpackDecoder(4096);
        Assert.Equal("a: b", Read(decoder, "4001610162"));
        Assert.Equal("a: b", Read(decoder, "3fe11fbe")); // 4096, which is allowed

        // To nothing and back: what was there has gone.
        Assert.Null(Read(decoder, "203fe11fbe"));
        Assert.Equal("a: b", Read(decoder, "203fe11f4001610162"));
        Assert.Equal("a: b", Read(decoder, "be"));
        Assert.Equal("a: c", Read(decoder, "204001610163"));
        Assert.Null(Read(decoder, "be"));
    }

    [Theory]
    [InlineData("3fe21f")]
    [InlineData("203fe21f")]
    [InlineData("3fe1ffff7f")]
    [InlineData("8220")]
    [InlineData("400161016220")]
    [InlineData("3fe11f823fe11f")]
    public void TableSize_TooLarge_OrAmidABlock_IsRefused(string hex) =>
        Assert.Null(Read(new HpackDecoder(4096), hex));

    [Fact]
    public void Field_LargerThanTheTable_EmptiesIt_AndIsReadAllTheSame()
    {
        var decoder = new HpackDecoder(64);
        Assert.Equal("a: b", Read(decoder, "4001610162"));
        Assert.Equal("a: b", Read(decoder, "be"));

        var large = "40016120" + string.Concat(Enumerable.Repeat("63", 32));
        Assert.Equal($"a: {new string('c', 32)}", Read(decoder, large));

        Assert.Null(Read(decoder, "be"));
    }

    [Fact]
    public void NameOfAFieldThatGoes_IsThatOfTheOneThatTakesItsPlace()
    {
        var decoder = new HpackDecoder(64);
        var name = new string('n', 20);
        Assert.Equal($"{name}: 0", Read(decoder, "4014" + string.Concat(Enumerable.Repeat("6e", 20)) + "0130"));

        for (var i = 1; i < 2000; i++)
        {
            var value = new string((char)('a' + (i % 26)), i % 12);
            var hex = $"7e{value.Length:x2}{Convert.ToHexString(Encoding.Latin1.GetBytes(value))}";

            Assert.Equal($"{name}: {value}", Read(decoder, hex));
            Assert.Equal($"{name}: {value}", Read(decoder, "be"));
            Assert.Null(Read(decoder, "bf"));
        }
    }

    [Fact]
    public void NameAndValue_BothInHuffmansCode_DoNotOverwriteEachOther()
    {
        var decoder = new HpackDecoder(16 * 1024);
        var (name, value) = (new string('0', 3000), new string('a', 5000));

        Assert.Equal($"{name}: {value}", Read(decoder, Literal(name, value)));
        Assert.Equal($"{name}: {value}", Read(decoder, "be"));
    }

    [Fact]
    public void RandomBlocks_AreReadOrRefused_AndNeverThrow()
    {
        var random = new Random(7541);
        var (decoder, read, refused) = (new HpackDecoder(4096), 0, 0);
        for (var i = 0; i < 200_000; i++)
        {
            var block = new byte[random.Next(1, 60)];
            random.NextBytes(block);
            // Few large lengths, so that some of it is sound.
            for (var at = 0; i % 2 == 0 && at < block.Length; at++)
            {
                block[at] &= (byte)(random.Next(4) == 0 ? 0xFF : 0x4F);
            }

            if (decoder.TryRead(block, new TakenFields()))
            {
                read++;
            }
            else
            {
                refused++;
                decoder = i % 5 == 0 ? new HpackDecoder(random.Next(5000)) : decoder;
            }
        }

        Assert.True(read > 1000 && refused > 1000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void MutatedExamples_AreReadOrRefused_AndNeverThrow()
    {
        var random = new Random(7542);
        var sound = Convert.FromHexString(
            "828684418cf1e3c2e5f23a6ba0ab90f4ff408825a849e95ba97d7f8925a849e95bb8e8b4bfbebf");
        var (decoder, read) = (new HpackDecoder(4096), 0);
        for (var i = 0; i < 50_000; i++)
        {
            var block = sound[..random.Next(1, sound.Length + 1)];
            block[random.Next(block.Length)] ^= (byte)(1 << random.Next(8));
            read += decoder.TryRead(block, new TakenFields()) ? 1 : 0;
        }

        Assert.InRange(read, 1000, 49_000);
    }

    private static string Literal(string name, string value) => "40" + Text(name) + Text(value);

    private static string Text(string text)
    {
        var encoded = HuffmanWriter.Write(text);
        var rest = encoded.Length - 127;
        return $"ff{(rest & 127) | 128:x2}{rest >> 7:x2}{Convert.ToHexString(encoded)}";
    }

    /// <returns>Null for a block that cannot be read.</returns>
    private static string? Read(HpackDecoder decoder, string hex)
    {
        var fields = new TakenFields();
        return decoder.TryRead(Convert.FromHexString(hex), fields) ? fields.ToString() : null;
    }
}
