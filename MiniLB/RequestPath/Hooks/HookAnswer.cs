using System.Globalization;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Hooks;

/// <summary>What a hook has a client answered, in place of a backend's answer. One object may answer many
/// requests.</summary>
public sealed class HookAnswer
{
    private readonly byte[] _body = [];

    /// <summary>An answer without a body.</summary>
    /// <param name="status">The status code, 200 to 599.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is another one.</exception>
    public HookAnswer(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        Head = new ResponseHead { Status = status };
        Headers = new HookHeaders(Head.Fields);
    }

    /// <summary>An answer with a body, which is left out where the request is HEAD.</summary>
    /// <param name="status">The status code, 200 to 599, but for 204, 205 and 304, which have no body.</param>
    /// <param name="contentType">The media type, such as text/plain.</param>
    /// <param name="body">The whole body; it is copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is another one.</exception>
    /// <exception cref="ArgumentException">The media type cannot be a header value.</exception>
    public HookAnswer(int status, string contentType, ReadOnlySpan<byte> body)
        : this(status)
    {
        if (status is 204 or 205 or 304)
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "an answer of that status has no body");
        }

        Headers.Set("Content-Type", contentType);
        _body = body.ToArray();
        Head.ContentLength = _body.Length;
        Head.Fields.Add("Content-Length"u8, _body.Length.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The header fields of the answer; to be filled before it is returned for the first time.</summary>
    public HookHeaders Headers { get; }

    internal ResponseHead Head { get; }

    internal ReadOnlySpan<byte> Body => _body;
}
