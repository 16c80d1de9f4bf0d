using System.Text;
using MiniLB.Config;
using MiniLB.RequestPath.Forward;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Hooks;

/// <summary>The header fields of a message, as they are passed on. Names match in any case; values are Latin-1, one
/// character a byte.</summary>
/// <remarks>Not shown: fields that end at this hop, those that MiniLB writes itself, and what a client that is no
/// trusted proxy says about itself (X-Real-IP, Forwarded and the like). They do not reach the backend.</remarks>
public sealed class HookHeaders
{
    private readonly FieldList _fields;
    private readonly Exchange? _request;

    /// <summary>Those of a request.</summary>
    internal HookHeaders(Exchange request) => (_fields, _request) = (request.RequestFields, request);

    /// <summary>Those of an answer.</summary>
    internal HookHeaders(FieldList answer) => _fields = answer;

    /// <summary>True once the head is on its way.</summary>
    internal bool IsSent { get; set; }

    /// <summary>The value of the first line of that name.</summary>
    /// <returns>Null where there is none.</returns>
    public string? Get(string name)
    {
        var values = GetAll(name);
        return values.Count == 0 ? null : values[0];
    }

    /// <summary>The values of all lines of that name, in their order; empty where there is none.</summary>
    public IReadOnlyList<string> GetAll(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_request is not null && ProtectedHeaders.IsHost(name))
        {
            var host = _request.HostOverride ?? _request.Host;
            return host.Length == 0 ? [] : [host];
        }

        var values = new List<string>();
        for (var i = 0; i < _fields.Count; i++)
        {
            var field = _fields[i];
            if (IsShown(field) && Ascii.EqualsIgnoreCase(field.Name, name))
            {
                values.Add(Encoding.Latin1.GetString(field.Value));
            }
        }

        return values;
    }

    /// <summary>Puts one line in place of all lines of that name. Host can be set in a request.</summary>
    /// <exception cref="ArgumentException">The name is no token, or one that cannot be changed; or the value holds
    /// controls, characters above U+00FF, or blanks at an end.</exception>
    /// <exception cref="InvalidOperationException">The head has been sent.</exception>
    public void Set(string name, string value)
    {
        if (_request is not null && ProtectedHeaders.IsHost(name))
        {
            SetHost(_request, value);
            return;
        }

        var (nameBytes, valueBytes) = (BytesOfName(name), BytesOfValue(value));
        FieldChanges.Remove(_fields, nameBytes);
        FieldChanges.Add(_fields, nameBytes, valueBytes);
    }

    /// <summary>Adds a line behind all others.</summary>
    /// <inheritdoc cref="Set" path="/exception"/>
    public void Add(string name, string value)
    {
        var (nameBytes, valueBytes) = (BytesOfName(name), BytesOfValue(value));
        FieldChanges.Add(_fields, nameBytes, valueBytes);
    }

    /// <summary>Takes all lines of that name away; does nothing where there is none.</summary>
    /// <exception cref="ArgumentException">The name is no token, or one that cannot be changed.</exception>
    /// <exception cref="InvalidOperationException">The head has been sent.</exception>
    public void Remove(string name) => FieldChanges.Remove(_fields, BytesOfName(name));

    private bool IsShown(FieldLine field) => field.Passes
        && (_request is null || !HeaderRules.IsReplaced(field.Id, _request));

    private void SetHost(Exchange request, string value)
    {
        ThrowIfSent();
        if (value is null or "" || !Syntax.IsHost(BytesOfValue(value)))
        {
            throw new ArgumentException($"'{value}' is not a host such as example.com or example.com:8080",
                nameof(value));
        }

        request.HostOverride = value;
    }

    private byte[] BytesOfName(string name)
    {
        ThrowIfSent();
        var isProtected = _request is null ? ProtectedHeaders.OfResponses : ProtectedHeaders.OfRequests;
        if (!HeaderText.TryParseName(name ?? "", out _) || ProtectedHeaders.Holds(isProtected, name!))
        {
            throw new ArgumentException($"'{name}' is not a header name that may be changed here: any token but "
                + string.Join(", ", isProtected), nameof(name));
        }

        return Encoding.ASCII.GetBytes(name!);
    }

    private static byte[] BytesOfValue(string value)
    {
        var bytes = value is null || value.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff')
            ? null
            : Encoding.Latin1.GetBytes(value);
        if (bytes is null || !Syntax.IsFieldValue(bytes) || bytes.AsSpan().Trim(" \t"u8).Length != bytes.Length)
        {
            throw new ArgumentException("expected a header value: characters up to U+00FF, no controls, no blanks "
                + "around it", nameof(value));
        }

        return bytes;
    }

    private void ThrowIfSent()
    {
        if (IsSent)
        {
            throw new InvalidOperationException("these header fields have been sent already");
        }
    }
}
