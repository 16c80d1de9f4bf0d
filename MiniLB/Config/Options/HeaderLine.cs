using System.Text;

namespace MiniLB.Config.Options;

/// <summary>One header field that the operator has written, as text and as the bytes that are sent.</summary>
internal sealed record HeaderLine(string Name, string Value)
{
    public ReadOnlyMemory<byte> NameBytes { get; } = Encoding.ASCII.GetBytes(Name);

    public ReadOnlyMemory<byte> ValueBytes { get; } = Encoding.ASCII.GetBytes(Value);
}
