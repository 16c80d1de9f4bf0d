namespace MiniLB.RequestPath.Forward;

/// <summary>The client's body cannot be read on.</summary>
internal sealed class RequestBodyException(ForwardError error) : IOException(ForwardErrorRules.Word(error))
{
    public ForwardError Error { get; } = error;
}
