using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.Tests.Wire.Http2;

public sealed class HpackEncoderTests
{
    [Fact]
    public void EachStatus_IsReadBack()
    {
        var room = new byte[HpackEncoder.StatusBytes];
        for (var status = 100; status <= 999; status++)
        {
            var written = HpackEncoder.WriteStatus(status, room);

            Assert.Equal([(":status", $"{status}")], new HpackReader().Read(room.AsSpan(0, written)));
            Assert.Equal(status is 200 or 204 or 206 or 304 or 400 or 404 or 500, written == 1);
        }
    }

    [Theory]
    [InlineData("date", "now")]
    [InlineData("x-other", "")]
    [InlineData("x", "\u00ff\u0080 a")]
    [InlineData("strict-transport-security", "max-age=1")]
    [InlineData("accept-charset", "a")]
    [InlineData("accept-encoding", "gzip, deflate")]
    [InlineData("x-a-name-that-no-table-knows-and-that-is-longer-than-any-of-those", "a")]
    public void Field_InAnyCase_IsReadBackInLowerCase(string name, string value)
    {
        foreach (var written in (string[])[name, name.ToUpperInvariant()])
        {
            Assert.Equal([(name, value)], new HpackReader().Read(Write(written, value)));
        }
    }

    [Fact]
    public void EachName_OfTheStaticTable_IsReadBack()
    {
        foreach (var (name, _) in HpackStaticTable.Fields)
        {
            var block = Write(name.ToUpperInvariant(), "some");

            Assert.Equal([(name, "some")], new HpackReader().Read(block));
            Assert.InRange(block.Length, 6, 7);
        }
    }

    [Fact]
    public void LengthsAroundTheirLimits_AreReadBack_WithinTheRoomThatIsSaid()
    {
        foreach (var length in (int[])[0, 1, 126, 127, 128, 254, 255, 256, 16_510, 16_511, 16_512, 100_000])
        {
            var (name, value) = (new string('n', Math.Max(1, length)), new string('v', length));

            Assert.Equal([(name, value)], new HpackReader().Read(Write(name, value)));
            Assert.Equal([("date", value)], new HpackReader().Read(Write("date", value)));
        }
    }

    [Fact]
    public void Field_IsNeverRemembered()
    {
        var decoder = new HpackDecoder(4096);

        Assert.True(decoder.TryRead(Write("date", "a"), new TakenFields()));
        Assert.True(decoder.TryRead(Write("x-other", "a"), new TakenFields()));
        Assert.False(decoder.TryRead([0xBE], new TakenFields()));
    }

    private static byte[] Write(string name, string value)
    {
        // Just as large as is said: more would throw.
        var room = new byte[HpackEncoder.MostBytes(name.Length, value.Length)];
        return room[..HpackEncoder.Write(Heads.Bytes(name), Heads.Bytes(value), room)];
    }
}
