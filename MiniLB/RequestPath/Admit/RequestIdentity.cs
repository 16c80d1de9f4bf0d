namespace MiniLB.RequestPath.Admit;

/// <summary>The id of one request: a trusted proxy's, or the next of our own. Where only a backend is told of it, no
/// text is made.</summary>
internal struct RequestIdentity
{
    private string? _text;
    private long _number;
    private bool _hasNumber;

    public string Text
    {
        get => _text ??= RequestIds.Text(Number);
        set => _text = value;
    }

    private long Number
    {
        get
        {
            _number = _hasNumber ? _number : RequestIds.Next();
            _hasNumber = true;
            return _number;
        }
    }

    /// <summary>True where nobody has given it, nor asked for its text.</summary>
    public readonly bool IsOwn => _text is null;

    /// <param name="into">As <see cref="RequestIds.Write"/>.</param>
    public void Write(Span<byte> into) => RequestIds.Write(Number, into);
}
