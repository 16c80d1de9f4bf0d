namespace MiniLB.State;

/// <summary>What one attempt says about its backend.</summary>
internal enum Verdict
{
    /// <summary>Nothing: the client left, or sent nonsense.</summary>
    Neutral,
    Success,
    Failure,
}
