using MiniLB.Wire.Http2;

namespace MiniLB.Tests.Wire.Http2;

public sealed class DynamicTableTests
{
    [Fact]
    public void NewestField_IsTheFirst_AndTheOldestGoesWhereThereIsNoRoom()
    {
        var table = new DynamicTable(102);
        Add(table, "a", "1");
        Add(table, "b", "2");
        Add(table, "c", "3");
        Assert.Equal("c=3 b=2 a=1", Text(table));

        Add(table, "d", "");

        Assert.Equal("d= c=3 b=2", Text(table));
    }

    [Fact]
    public void Field_AsLargeAsTheTable_IsAlone_AndOneByteMoreEmptiesIt()
    {
        var table = new DynamicTable(40);
        Add(table, "name", "1234");
        Assert.Equal("name=1234", Text(table));
        Add(table, "name", "5678");
        Assert.Equal("name=5678", Text(table));

        Add(table, "name", "12345");

        Assert.Equal(0, table.Count);
        Add(table, "a", "b");
        Assert.Equal("a=b", Text(table));
    }

    [Fact]
    public void Limit_IsObeyedAtOnce_AndNeverAboveWhatWasAllowed()
    {
        var table = new DynamicTable(102);
        Add(table, "a", "1");
        Add(table, "b", "2");

        Assert.False(table.TryLimit(103));
        Assert.Equal("b=2 a=1", Text(table));
        Assert.True(table.TryLimit(67));
        Assert.Equal("b=2", Text(table));
        Assert.True(table.TryLimit(33));
        Assert.Equal("", Text(table));
        Add(table, "c", "3");
        Assert.Equal("", Text(table));
        Assert.True(table.TryLimit(102));
        Add(table, "d", "4");
        Add(table, "e", "5");
        Assert.Equal("e=5 d=4", Text(table));
    }

    [Fact]
    public void FieldsWithoutAByte_AreCountedToo()
    {
        var table = new DynamicTable(4096);
        for (var i = 0; i < 200; i++)
        {
            Add(table, "", "");
        }

        Assert.Equal(128, table.Count);
        table.Get(127, out var name, out var value);
        Assert.True(name.IsEmpty && value.IsEmpty);
    }

    [Fact]
    public void NameOfTheTableItself_StaysWhileItMakesRoomForIt()
    {
        var table = new DynamicTable(4096);
        Add(table, "the-name-that-is-used-again", "first");
        for (var i = 0; i < 1000; i++)
        {
            table.Get(table.Count - 1, out var name, out _);
            table.Add(name, Heads.Bytes(new string((char)('a' + (i % 26)), i * 7 % 900)));

            table.Get(0, out name, out var value);
            Assert.Equal("the-name-that-is-used-again", Heads.Text(name));
            Assert.Equal(new string((char)('a' + (i % 26)), i * 7 % 900), Heads.Text(value));
        }
    }

    [Fact]
    public void ManyFields_StandAsInAListThatIsCutAtItsEnd()
    {
        var random = new Random(7541);
        var table = new DynamicTable(2000);
        var (model, limit) = (new List<(string Name, string Value)>(), 2000);
        for (var i = 0; i < 20_000; i++)
        {
            if (random.Next(20) == 0)
            {
                limit = random.Next(2001);
                Assert.True(table.TryLimit(limit));
                Cut(model, limit);
            }

            var field = (Some(random, 30), Some(random, random.Next(10) == 0 ? 2000 : 100));
            Add(table, field.Item1, field.Item2);
            model.Insert(0, field);
            Cut(model, limit);

            Assert.Equal(model.Count, table.Count);
            Assert.Equal(string.Join(' ', model.Select(f => $"{f.Name}={f.Value}")), Text(table));
        }
    }

    // One that does not fit empties the list, as the whole of it is then too large from its first on.
    private static void Cut(List<(string Name, string Value)> model, int limit)
    {
        while (model.Sum(f => f.Name.Length + f.Value.Length + 32) > limit)
        {
            model.RemoveAt(model.Count - 1);
        }
    }

    private static string Some(Random random, int most) =>
        string.Concat(Enumerable.Repeat((char)('a' + random.Next(26)), random.Next(most)));

    private static void Add(DynamicTable table, string name, string value) =>
        table.Add(Heads.Bytes(name), Heads.Bytes(value));

    private static string Text(DynamicTable table)
    {
        var all = new List<string>();
        for (var i = 0; i < table.Count; i++)
        {
            table.Get(i, out var name, out var value);
            all.Add($"{Heads.Text(name)}={Heads.Text(value)}");
        }

        return string.Join(' ', all);
    }
}
