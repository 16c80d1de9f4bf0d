namespace MiniLB.Wire;

/// <summary>One field line: a view into the <see cref="FieldList"/> that holds it.</summary>
internal readonly ref struct FieldLine(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, FieldId id, bool passes)
{
    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Value { get; } = value;

    public FieldId Id { get; } = id;

    /// <summary>False for a line that ends at this hop.</summary>
    public bool Passes { get; } = passes;
}
