using MiniLB.Wire.Http2;

namespace MiniLB.Tests.Wire.Http2;

/// <summary>The fields of header blocks, as text whose characters are bytes.</summary>
internal sealed class TakenFields : IFieldSink
{
    public List<(string Name, string Value)> All { get; } = [];

    public override string ToString() => string.Join('\n', All.Select(f => $"{f.Name}: {f.Value}"));

    void IFieldSink.Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        All.Add((Heads.Text(name), Heads.Text(value)));
}
