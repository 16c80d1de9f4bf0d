namespace MiniLB.Wire.Http2;

/// <summary>Takes the fields of a header block, one after another.</summary>
internal interface IFieldSink
{
    /// <param name="name">As sent; valid during the call.</param>
    /// <param name="value">The same.</param>
    void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value);
}
