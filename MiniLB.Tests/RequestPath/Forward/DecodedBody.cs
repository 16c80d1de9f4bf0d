using System.Text;
using MiniLB.Tests.Wire;
using MiniLB.Wire;

namespace MiniLB.Tests.RequestPath.Forward;

/// <summary>What a chunked body says, as far as it has come.</summary>
/// <param name="Data">Without the framing.</param>
/// <param name="Trailers">One "name=value" for each.</param>
/// <param name="IsWhole">Whether its end has come, and nothing behind it.</param>
internal sealed record DecodedBody(string Data, string Trailers, bool IsWhole)
{
    public static DecodedBody Of(string text)
    {
        var decoder = new ChunkedDecoder();
        decoder.Begin(Heads.Limits);
        ReadOnlySpan<byte> rest = Heads.Bytes(text);
        var data = new StringBuilder();
        while (!rest.IsEmpty && !decoder.IsDone)
        {
            data.Append(Heads.Text(decoder.Decode(rest, out var consumed)));
            Assert.Equal(WireError.None, decoder.Error);
            rest = rest[consumed..];
        }

        return new DecodedBody(data.ToString(), Heads.Passing(decoder.Trailers), decoder.IsDone && rest.IsEmpty);
    }
}
