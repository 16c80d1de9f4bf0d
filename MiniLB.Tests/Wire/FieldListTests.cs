using MiniLB.Wire;

namespace MiniLB.Tests.Wire;

public sealed class FieldListTests
{
    [Fact]
    public void Lines_KeepOrderCaseAndBytes_WhileTheListGrows()
    {
        var fields = new FieldList();
        var expected = new List<(string, string, bool)>();
        for (var i = 0; i < 1000; i++)
        {
            var value = new string((char)(0x80 + (i % 128)), i % 97);
            fields.Add(Heads.Bytes($"X-{i}"), value);
            expected.Add(($"X-{i}", value, true));
        }

        Assert.Equal(expected, Heads.All(fields));
    }

    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(2049)]
    [InlineData(70_000)]
    public void Line_AtTheEdgeOfTheRoom_IsKeptWhole(int bytes)
    {
        var fields = new FieldList();
        var value = new string('v', bytes - 1);

        fields.Add("n"u8, value);
        fields.Add("after"u8, "1");

        Assert.Equal([("n", value, true), ("after", "1", true)], Heads.All(fields));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(70_000)]
    public void Clear_ForgetsEverything_HeldLinesToo(int bytes)
    {
        var fields = Heads.Fields(("Host", "a"), ("Via", new string('v', bytes)));
        fields.Hold(0);

        fields.Clear();

        Assert.Equal(0, fields.Count);
        Assert.False(fields.Has(FieldId.Host));
        fields.Add("Host"u8, "b");
        Assert.Equal([("Host", "b", true)], Heads.All(fields));
        Assert.Null(fields.Text(FieldId.Via));
    }

    [Fact]
    public void List_TellsWhatIsInIt()
    {
        var fields = Heads.Fields(("Via", "1.1 a"), ("X", "1"), ("via", "1.0 b"), ("VIA", ""));

        Assert.Equal(3, fields.CountOf(FieldId.Via));
        Assert.Equal("1.1 a", Heads.Text(fields.First(FieldId.Via)));
        Assert.Equal("1.1 a, 1.0 b, ", fields.Text(FieldId.Via));
        Assert.Equal(0, fields.CountOf(FieldId.Host));
        Assert.True(fields.First(FieldId.Host).IsEmpty);
        Assert.Null(fields.Text(FieldId.Host));
    }

    [Theory]
    [InlineData("close", true)]
    [InlineData("CLOSE", true)]
    [InlineData("x", true)]
    [InlineData("clos", false)]
    [InlineData("keep-alive", true)]
    public void Lists_LooksThroughEveryLine(string word, bool listed)
    {
        var fields = Heads.Fields(("Connection", "x, Close"), ("Other", "clos"), ("Connection", "keep-alive"));

        Assert.Equal(listed, fields.Lists(FieldId.Connection, Heads.Bytes(word)));
        Assert.False(fields.Lists(FieldId.Te, Heads.Bytes(word)));
    }

    [Fact]
    public void Hold_MarksOneLineAlone()
    {
        var fields = Heads.Fields(("A", "1"), ("B", "2"), ("A", "3"));

        fields.Hold(1);

        Assert.Equal("A=1 A=3", Heads.Passing(fields));
    }

    [Fact]
    public void Value_OfCharactersBeyondTheSmallRoom_IsAddedByteForByte()
    {
        var value = new string('\u00ff', 257);

        Assert.Equal(value, Heads.Fields(("A", value)).Text(FieldId.Other));
    }

    [Fact]
    public void OrdinaryHeads_OnceWarm_AllocateNothing()
    {
        var fields = new FieldList();
        Fill(fields, 10);

        Assert.Equal(0, Allocated.By(() => Fill(fields, 100)));
    }

    private static void Fill(FieldList fields, int times)
    {
        for (var i = 0; i < times; i++)
        {
            fields.Clear();
            for (var j = 0; j < 40; j++)
            {
                fields.Add("X-Some-Field"u8, "a value of some length, as they are"u8);
            }
        }
    }
}
