namespace MiniLB.Tests.Mutation;

/// <summary>A check to switch off, and the topics of the exchanges of which one must notice.</summary>
internal sealed record PlannedMutant(string Type, string Method, Replacement Replacement, params string[] Topics)
{
    public override string ToString() => $"{Type}.{Method} = {Replacement}";
}
