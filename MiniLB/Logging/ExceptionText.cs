namespace MiniLB.Logging;

/// <summary>What the log says of an exception.</summary>
internal static class ExceptionText
{
    /// <summary>With its stack trace, where there is memory for one.</summary>
    public static string Of(Exception exception)
    {
        try
        {
            return exception.ToString();
        }
        catch (OutOfMemoryException)
        {
            // The first stack trace of a process takes more than 1 MB at once: see Beats.
            return $"{exception.GetType()}: {exception.Message}";
        }
    }
}
