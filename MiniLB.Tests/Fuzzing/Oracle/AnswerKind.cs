namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>What a client ought to see of a backend's answer.</summary>
internal enum AnswerKind
{
    /// <summary>Exactly the answer.</summary>
    Whole,

    /// <summary>At most a part of it that does not look whole, or an error of the balancer's.</summary>
    Broken,

    /// <summary>An error of the balancer's.</summary>
    Nonsense,

    /// <summary>Either, but never another answer and never one that looks whole and is not.</summary>
    Unsure,
}
