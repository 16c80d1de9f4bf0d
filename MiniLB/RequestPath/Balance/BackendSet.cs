using MiniLB.State;

namespace MiniLB.RequestPath.Balance;

/// <summary>Some backends of one pool. A value; costs no memory in pools of up to 64.</summary>
internal readonly struct BackendSet
{
    private readonly ulong _first64;
    private readonly ulong[]? _rest;

    private BackendSet(ulong first64, ulong[]? rest) => (_first64, _rest) = (first64, rest);

    public bool IsEmpty => _first64 == 0 && _rest is null;

    public bool Contains(Backend backend)
    {
        var (word, bit) = (backend.Index / 64, 1UL << backend.Index);
        return word == 0
            ? (_first64 & bit) != 0
            : _rest is not null && word <= _rest.Length && (_rest[word - 1] & bit) != 0;
    }

    /// <returns>The set with one more in it; this one stays as it is.</returns>
    public BackendSet With(Backend backend)
    {
        var (word, bit) = (backend.Index / 64, 1UL << backend.Index);
        if (word == 0)
        {
            return new BackendSet(_first64 | bit, _rest);
        }

        var rest = Grown(word);
        rest[word - 1] |= bit;
        return new BackendSet(_first64, rest);
    }

    /// <returns>The set with all in it that have no room at this moment.</returns>
    public BackendSet WithFull(ReadOnlySpan<Backend> backends)
    {
        var first64 = _first64;
        ulong[]? rest = null;
        foreach (var backend in backends)
        {
            if (backend.HasRoom)
            {
                continue;
            }

            var (word, bit) = (backend.Index / 64, 1UL << backend.Index);
            if (word == 0)
            {
                first64 |= bit;
                continue;
            }

            // Once for all of them, as large as any needs.
            rest ??= Grown(HighestWord(backends));
            rest[word - 1] |= bit;
        }

        return new BackendSet(first64, rest ?? _rest);
    }

    private static int HighestWord(ReadOnlySpan<Backend> backends)
    {
        var highest = 0;
        foreach (var backend in backends)
        {
            highest = Math.Max(highest, backend.Index / 64);
        }

        return highest;
    }

    private ulong[] Grown(int words)
    {
        var rest = new ulong[Math.Max(words, _rest?.Length ?? 0)];
        _rest?.CopyTo(rest, 0);
        return rest;
    }
}
