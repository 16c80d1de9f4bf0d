using MiniLB.RequestPath.Admit;

namespace MiniLB.Tests.RequestPath.Admit;

public sealed class SipHashTests
{
    /// <summary>The vectors of the paper's reference implementation: the key is 00 to 0f, the text 00, 01, 02...</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(2, 0x0d6c8009d9a94f5a)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void Text_HasTheHashOfTheReference(int length, ulong hash)
    {
        var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();

        Assert.Equal(hash, new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908).Of(text));
    }
}
