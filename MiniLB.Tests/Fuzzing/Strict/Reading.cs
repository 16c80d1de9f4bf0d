namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>How far the strict parser came with a message.</summary>
public enum Reading
{
    /// <summary>The bytes end within the head.</summary>
    NeedsHead,

    /// <summary>The head is good, the bytes end within the body.</summary>
    NeedsBody,
    Whole,
    BadHead,

    /// <summary>The head is good, the framing of the body is not.</summary>
    BadBody,
}
