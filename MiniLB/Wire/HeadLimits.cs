namespace MiniLB.Wire;

/// <summary>How large a head or trailer section may be.</summary>
/// <param name="StartLine">Bytes of the start line.</param>
/// <param name="Bytes">Bytes of the field lines.</param>
/// <param name="Fields">Field lines.</param>
internal readonly record struct HeadLimits(int StartLine, int Bytes, int Fields)
{
    public bool AllowsStartLine(int length) => length <= StartLine;

    public bool AllowsBytes(int length) => length <= Bytes;

    /// <param name="count">Lines so far.</param>
    public bool AllowsAnother(int count) => count < Fields;
}
