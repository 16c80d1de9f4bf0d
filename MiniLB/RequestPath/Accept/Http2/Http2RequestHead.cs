using System.Buffers;
using System.Text;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.RequestPath.Accept.Http2;

/// <summary>Reads the fields of a request or its trailers, strictly: what is not refused here can be passed on over
/// HTTP/1.1 and means the same there (RFC 9113 sections 8.2, 8.3 and 10.3).</summary>
/// <remarks>One for each connection, begun anew for each block.</remarks>
internal sealed class Http2RequestHead(HeadLimits limits) : IFieldSink
{
    // ": " and the line end, as the limits count them.
    private const int LineBytes = 4;
    private const int MostKeptBytes = 4 * 1024;

    // The method, two blanks and the version of a request line.
    private const int StartLineBytes = 10;

    private ArrayBufferWriter<byte> _cookies = new();
    private FieldList? _fields;
    private RepeatedText _paths;
    private Pseudo _seen;
    private bool _isTrailer;
    private int _hosts;
    private int _count;
    private int _bytes;
    private bool _hasScheme;

    [Flags]
    private enum Pseudo
    {
        None = 0,
        Method = 1,
        Scheme = 2,
        Authority = 4,
        Path = 8,
        Protocol = 16,

        /// <summary>Not one of them: a field, after which none may come.</summary>
        Field = 32,

        Request = Method | Scheme | Path,
    }

    /// <summary>Why the request cannot be served.</summary>
    public HeadRefusal Refusal { get; private set; }

    public string Method { get; private set; } = "";

    /// <summary>As sent.</summary>
    public string Path { get; private set; } = "";

    /// <summary>What an extended CONNECT asks for (RFC 8441 section 4); null for all others.</summary>
    public string? Protocol { get; private set; }

    /// <summary>As announced; null where it was not.</summary>
    public long? Length { get; private set; }

    public bool ExpectsContinue => _fields!.Has(FieldId.Expect);

    /// <summary>Begins with a request.</summary>
    /// <param name="into">Receives the fields.</param>
    public void Begin(FieldList into) => Begin(into, isTrailer: false);

    /// <summary>Begins with the trailers of a request.</summary>
    /// <param name="into">Receives them.</param>
    public void BeginTrailers(FieldList into) => Begin(into, isTrailer: true);

    /// <summary>Takes the fields of a block that nobody wants.</summary>
    public void Ignore() => (_fields, Refusal) = (null, HeadRefusal.None);

    void IFieldSink.Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_fields is null)
        {
            return;
        }

        if (name.StartsWith((byte)':'))
        {
            TakePseudo(name, value);
            return;
        }

        _seen |= Pseudo.Field;
        _count++;
        _bytes += name.Length + value.Length + LineBytes;
        if (!limits.AllowsBytes(_bytes) || _count > limits.Fields)
        {
            Refuse(HeadRefusal.HeadTooLarge);
        }
        else if (!IsName(name) || !IsSoundValue(value))
        {
            Refuse(HeadRefusal.Malformed);
        }
        else
        {
            Keep(name, value, FieldNames.Identify(name));
        }
    }

    /// <summary>All fields of a request have come.</summary>
    /// <param name="hasBody">Whether more follows.</param>
    public void Finish(bool hasBody)
    {
        if (_cookies.WrittenCount > 0)
        {
            // In pieces over HTTP/2, one line over HTTP/1.1 (RFC 9113 section 8.2.3).
            _fields!.Add("cookie"u8, _cookies.WrittenSpan, FieldId.Cookie);
        }

        if (!HasRightPseudo() || !HasRightHost() || !HasRightLength(hasBody))
        {
            Refuse(HeadRefusal.Malformed);
        }
        else if (_fields!.Has(FieldId.Expect)
            && !Ascii.EqualsIgnoreCase(_fields.First(FieldId.Expect), "100-continue"u8))
        {
            Refuse(HeadRefusal.Expectation);
        }
    }

    private void Begin(FieldList into, bool isTrailer)
    {
        (_fields, _isTrailer) = (into, isTrailer);
        (_seen, _hosts, _count, _bytes, _hasScheme) = (Pseudo.None, 0, 0, 0, false);
        (Refusal, Method, Path, Protocol, Length) = (HeadRefusal.None, "", "", null, null);
        _cookies.ResetWrittenCount();
        // One large head must not stay for the life of a connection.
        _cookies = _cookies.Capacity > MostKeptBytes ? new ArrayBufferWriter<byte>() : _cookies;
    }

    // What is malformed is that whatever else is wrong with it.
    private void Refuse(HeadRefusal refusal) =>
        Refusal = Refusal == HeadRefusal.None || refusal == HeadRefusal.Malformed ? refusal : Refusal;

    private void TakePseudo(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var which = name switch
        {
            _ when name.SequenceEqual(":method"u8) => Pseudo.Method,
            _ when name.SequenceEqual(":scheme"u8) => Pseudo.Scheme,
            _ when name.SequenceEqual(":authority"u8) => Pseudo.Authority,
            _ when name.SequenceEqual(":path"u8) => Pseudo.Path,
            _ when name.SequenceEqual(":protocol"u8) => Pseudo.Protocol,
            _ => Pseudo.None,
        };
        if (_isTrailer || which == Pseudo.None || (_seen & (which | Pseudo.Field)) != 0 || !IsSoundValue(value))
        {
            Refuse(HeadRefusal.Malformed);
            return;
        }

        _seen |= which;
        // What has a line of its own over HTTP/1.1.
        _bytes += which == Pseudo.Authority ? "host".Length + value.Length + LineBytes : 0;
        if (!limits.AllowsBytes(_bytes))
        {
            Refuse(HeadRefusal.HeadTooLarge);
        }

        switch (which)
        {
            case Pseudo.Method:
                Method = Syntax.IsToken(value) ? Methods.Text(value) : "";
                break;
            case Pseudo.Scheme:
                // Which of the two it was is known from the connection; a proxy before us may have ended TLS.
                _hasScheme = value.SequenceEqual("http"u8) || value.SequenceEqual("https"u8);
                break;
            case Pseudo.Authority:
                Keep("host"u8, value, FieldId.Host);
                break;
            case Pseudo.Path:
                TakePath(value);
                break;
            default:
                Protocol = Encoding.Latin1.GetString(value);
                break;
        }
    }

    private void TakePath(ReadOnlySpan<byte> path)
    {
        if (!limits.AllowsStartLine(path.Length + StartLineBytes))
        {
            Refuse(HeadRefusal.StartLineTooLong);
        }
        else
        {
            Path = Syntax.IsTarget(path) ? _paths.Of(path) : "";
        }
    }

    private void Keep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, FieldId id)
    {
        switch (id)
        {
            // There is no connection of HTTP/1.1 that they could speak of (RFC 9113 section 8.2.2).
            case FieldId.Connection or FieldId.KeepAlive or FieldId.ProxyConnection or FieldId.TransferEncoding
                or FieldId.Upgrade:
            case FieldId.Te when !Ascii.EqualsIgnoreCase(value, "trailers"u8):
                Refuse(HeadRefusal.Malformed);
                break;
            case FieldId.Cookie when !_isTrailer:
                _cookies.Write(_cookies.WrittenCount > 0 ? "; "u8 : default);
                _cookies.Write(value);
                break;
            case FieldId.Host when !_isTrailer && _fields!.Has(FieldId.Host):
                // Beside an authority, once, and the same.
                if (_hosts++ > 0 || (_seen & Pseudo.Authority) == 0
                    || !Ascii.EqualsIgnoreCase(value, _fields.First(FieldId.Host)))
                {
                    Refuse(HeadRefusal.Malformed);
                }

                break;
            default:
                _fields!.Add(name, value, id);
                break;
        }
    }

    private bool HasRightPseudo()
    {
        var isConnect = Method == "CONNECT";
        if (Method.Length == 0 || (Protocol is not null && !isConnect))
        {
            return false;
        }

        if (isConnect && Protocol is null)
        {
            // It names an authority alone (RFC 9113 section 8.5).
            Path = (_seen & (Pseudo.Scheme | Pseudo.Path)) == 0 && _fields!.Has(FieldId.Host)
                ? Encoding.Latin1.GetString(_fields.First(FieldId.Host))
                : "";
            return Path.Length > 0;
        }

        // What becomes an upgrade has no body that could be announced, and would be taken for a request behind it.
        var isUpgrade = Protocol is not null;
        return (_seen & Pseudo.Request) == Pseudo.Request && _hasScheme
            && !(isUpgrade && (_fields!.Has(FieldId.ContentLength) || _fields.Has(FieldId.Expect)))
            && (Path.StartsWith('/') || (Path == "*" && Method == "OPTIONS")
                || (Path.Length == 0 && Refusal == HeadRefusal.StartLineTooLong))
            && Protocol is null or "websocket";
    }

    private bool HasRightHost()
    {
        var host = _fields!.First(FieldId.Host);
        return _fields.CountOf(FieldId.Host) == 1 && host.Length > 0 && Syntax.IsHost(host);
    }

    private bool HasRightLength(bool hasBody)
    {
        if (!_fields!.Has(FieldId.ContentLength))
        {
            return true;
        }

        if (_fields.CountOf(FieldId.ContentLength) > 1
            || !Numbers.TryDecimal(_fields.First(FieldId.ContentLength), out var length))
        {
            return false;
        }

        Length = length;
        return hasBody || length == 0;
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        Syntax.IsToken(name) && !name.ContainsAnyInRange((byte)'A', (byte)'Z');

    // Blanks around a value are malformed in HTTP/2 (RFC 9113 section 8.2.1), not something to trim.
    private static bool IsSoundValue(ReadOnlySpan<byte> value) =>
        Syntax.IsFieldValue(value) && value.Trim(" \t"u8).Length == value.Length;
}
