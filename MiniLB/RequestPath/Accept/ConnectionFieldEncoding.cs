using System.Text;

namespace MiniLB.RequestPath.Accept;

/// <summary>Decodes Connection fields so that the names in them survive Kestrel.</summary>
/// <remarks>Where keep-alive, close or Upgrade is the only option that Kestrel knows in the field, it puts that one
/// word in
/// the place of all of it (HttpHeaders.ParseConnection), and a field named beside it would be passed on. So a list
/// loses
/// its keep-alive, which HTTP/1.1 does not need, and close or Upgrade gets one beside it, which changes nothing to
/// their
/// meaning: close wins.</remarks>
internal sealed class ConnectionFieldEncoding : Encoding
{
    private const string KeepAlive = "keep-alive";

    public static readonly ConnectionFieldEncoding Instance = new();

    public override int GetCharCount(byte[] bytes, int index, int count) => Decode(bytes.AsSpan(index, count)).Length;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var text = Decode(bytes.AsSpan(byteIndex, byteCount));
        text.CopyTo(chars.AsSpan(charIndex));
        return text.Length;
    }

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => byteCount + KeepAlive.Length + 2;

    private static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = Latin1.GetString(bytes);
        if (!text.Contains(',', StringComparison.Ordinal))
        {
            return text;
        }

        var options = text.Split(',', StringSplitOptions.TrimEntries)
            .Where(o => !o.Equals(KeepAlive, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (options.Exists(o => o.Equals("close", StringComparison.OrdinalIgnoreCase)
            || o.Equals("upgrade", StringComparison.OrdinalIgnoreCase)))
        {
            options.Add(KeepAlive);
        }

        return string.Join(", ", options);
    }
}
