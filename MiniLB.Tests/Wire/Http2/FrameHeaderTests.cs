using MiniLB.Wire.Http2;

namespace MiniLB.Tests.Wire.Http2;

public sealed class FrameHeaderTests
{
    [Theory]
    [InlineData("000000 00 00 00000000", 0, 0, 0, 0)]
    [InlineData("010203 01 25 00000007", 0x010203, 1, 0x25, 7)]
    [InlineData("ffffff ee ff 7fffffff", 0xffffff, 0xee, 0xff, int.MaxValue)]
    [InlineData("004000 09 04 12345678", 16 * 1024, 9, 4, 0x12345678)]
    public void Header_IsReadAndWrittenAlike(string hex, int length, int type, int flags, int stream)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var header = new FrameHeader(length, (FrameType)type, (FrameFlags)flags, stream);
        var written = new byte[FrameHeader.Bytes];

        header.Write(written);

        Assert.Equal(header, FrameHeader.Read(bytes));
        Assert.Equal(bytes, written);
    }

    [Fact]
    public void ReservedBit_OfTheStream_MeansNothing() =>
        Assert.Equal(5, FrameHeader.Read([0, 0, 0, 0, 0, 0x80, 0, 0, 5]).Stream);

    [Theory]
    [InlineData(0x00, false, false)]
    [InlineData(0x01, true, false)]
    [InlineData(0x08, false, true)]
    [InlineData(0xF6, false, false)]
    [InlineData(0xFF, true, true)]
    public void Flag_IsThere_WhateverOthersAre(int flags, bool ends, bool isPadded)
    {
        var header = FrameHeader.Read([0, 0, 0, 0, (byte)flags, 0, 0, 0, 1]);

        Assert.Equal((ends, isPadded), (header.Has(FrameFlags.EndStream), header.Has(FrameFlags.Padded)));
    }
}
