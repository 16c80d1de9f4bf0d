using System.Text;

namespace MiniLB.Load.Http;

/// <summary>The names under which backends answer, each kept once as a string.</summary>
/// <param name="field">The header field that holds them.</param>
internal sealed class BackendNames(string field)
{
    // A server that puts something else there, such as a request id, must not fill the memory.
    private const int Most = 100;

    private readonly Lock _lock = new();

    // Replaced as a whole under the lock, read without.
    private volatile (byte[] Bytes, string Text)[] _names = [];

    public byte[] Field { get; } = Encoding.ASCII.GetBytes(field);

    /// <returns>The name as a string; null where it is empty, "others" once there are a hundred.</returns>
    public string? Of(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return null;
        }

        foreach (var (bytes, text) in _names)
        {
            if (name.SequenceEqual(bytes))
            {
                return text;
            }
        }

        lock (_lock)
        {
            if (_names.Length < Most)
            {
                var text = Encoding.Latin1.GetString(name);
                if (!Array.Exists(_names, n => n.Text == text))
                {
                    _names = [.. _names, (name.ToArray(), text)];
                }

                return text;
            }
        }

        return "others";
    }
}
