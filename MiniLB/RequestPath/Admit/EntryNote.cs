using System.Globalization;
using MiniLB.State;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Admit;

/// <summary>What came of a request at the door: why it was turned away, and what is left of its limits.</summary>
internal struct EntryNote
{
    // Two limits at most: the one for all requests and the route's.
    private const int MostText = 256;

    private RateLimiter? _first;
    private RateLimiter? _second;
    private long _firstAhead;
    private long _secondAhead;

    /// <summary>Null where it was served, or failed otherwise.</summary>
    public Refusal? Refusal { get; set; }

    /// <summary>True where a limit that only counts would have refused it.</summary>
    public bool IsOverDryRun { get; set; }

    /// <summary>True where there is something to tell the client of its limits.</summary>
    public readonly bool TellsLimits => _first is not null;

    /// <param name="limit">A limit that was asked.</param>
    /// <param name="ahead">How far the time lies ahead at which the next request is due.</param>
    public void Note(RateLimiter limit, long ahead)
    {
        if (_first is null)
        {
            (_first, _firstAhead) = (limit, ahead);
        }
        else
        {
            (_second, _secondAhead) = (limit, ahead);
        }
    }

    /// <summary>Tells the client of its limits, once (draft-ietf-httpapi-ratelimit-headers-10).</summary>
    /// <returns>The head.</returns>
    public ResponseHead Tell(ResponseHead head)
    {
        if (_first is null)
        {
            return head;
        }

        Span<byte> text = stackalloc byte[MostText];
        var length = Policy(text, 0, _first);
        length = _second is null ? length : Policy(text, length, _second);
        head.Fields.Add("RateLimit-Policy"u8, text[..length]);
        length = State(text, 0, _first, _firstAhead);
        length = _second is null ? length : State(text, length, _second, _secondAhead);
        head.Fields.Add("RateLimit"u8, text[..length]);
        (_first, _second) = (null, null);
        return head;
    }

    private static int Policy(Span<byte> into, int at, RateLimiter limit) =>
        Append(into, Separate(into, at), limit.Policy);

    private static int State(Span<byte> into, int at, RateLimiter limit, long ahead)
    {
        at = Separate(into, at);
        at = Append(into, at, limit.Item);
        at = Append(into, at, limit.Left(ahead));
        at = Append(into, at, ";t="u8);
        return Append(into, at, limit.SecondsUntilOneMore(ahead));
    }

    private static int Append(Span<byte> into, int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(into[at..]);
        return at + text.Length;
    }

    private static int Append(Span<byte> into, int at, int number)
    {
        number.TryFormat(into[at..], out var length, default, CultureInfo.InvariantCulture);
        return at + length;
    }

    private static int Separate(Span<byte> into, int at) => at == 0 ? 0 : Append(into, at, ", "u8);
}
