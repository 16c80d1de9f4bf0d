namespace MiniLB.Config;

/// <summary>The place a configured value came from, as an error line names it: a file position, a variable or a
/// flag.</summary>
internal readonly record struct ConfigOrigin(string Source, int Line = 0, int Column = 0)
{
    /// <summary>What nobody wrote.</summary>
    public static readonly ConfigOrigin Default = new("default");

    public override string ToString() => Line > 0 ? $"{Source}:{Line}:{Column}" : Source;
}
