namespace MiniLB.RequestPath.Summarize;

/// <summary>Lines of a log could not be written; those before them were.</summary>
internal sealed class LinesLostException(string reason, int lines) : IOException(reason)
{
    /// <summary>How many, the one included that was cut off.</summary>
    public int Lines => lines;
}
