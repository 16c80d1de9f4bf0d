using MiniLB.Tests.Journeys.Http2.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.Tests.Wire.Http2;

public sealed class StaticTableTests
{
    [Fact]
    public void EachField_StandsWhereAppendixAHasIt()
    {
        Assert.Equal(61, StaticTable.Count);
        Assert.Equal(StaticTable.Count, HpackStaticTable.Fields.Count);
        for (var index = 1; index <= StaticTable.Count; index++)
        {
            StaticTable.Get(index, out var name, out var value);
            Assert.Equal(HpackStaticTable.Fields[index - 1], (Heads.Text(name), Heads.Text(value)));
        }
    }

    [Theory]
    [InlineData(1, ":authority", "")]
    [InlineData(7, ":scheme", "https")]
    [InlineData(14, ":status", "500")]
    [InlineData(16, "accept-encoding", "gzip, deflate")]
    [InlineData(32, "cookie", "")]
    [InlineData(61, "www-authenticate", "")]
    public void Field_OfANumber_IsThatOfAppendixA(int index, string expectedName, string expectedValue)
    {
        StaticTable.Get(index, out var name, out var value);

        Assert.Equal((expectedName, expectedValue), (Heads.Text(name), Heads.Text(value)));
    }

    [Fact]
    public void EachName_IsFoundInWhateverCase()
    {
        foreach (var (name, _) in HpackStaticTable.Fields)
        {
            foreach (var written in (string[])[name, name.ToUpperInvariant()])
            {
                var index = StaticTable.Find(Heads.Bytes(written));

                Assert.InRange(index, 1, StaticTable.Count);
                Assert.Equal(name, HpackStaticTable.Fields[index - 1].Name);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("dat")]
    [InlineData("dates")]
    [InlineData("hosx")]
    [InlineData("x-www-authenticate-and-more-than-any")]
    public void OtherName_IsNotFound(string name) => Assert.Equal(0, StaticTable.Find(Heads.Bytes(name)));
}
