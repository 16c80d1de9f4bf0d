namespace MiniLB.Tests.Mutation;

/// <summary>The checks that are switched off, one after the other.</summary>
internal static class PlannedMutants
{
    public static readonly PlannedMutant[] All =
    [
        new("HeaderRules", "IsHopByHop", Replacement.False, "hop-by-hop"),
        new("HeaderRules", "IsNamedBy", Replacement.False, "hop-by-hop"),
        new("HeaderRules", "IsForwarding", Replacement.False, "forwarding-fields"),
        new("HeaderRules", "IsDashedOrUnderscored", Replacement.False, "forwarding-fields"),
        new("RetryRules", "IsIdempotent", Replacement.True, "repeat"),
        new("RetryRules", "IsIdempotent", Replacement.False, "repeat"),
        new("RetryRules", "AllowsSameBackend", Replacement.False, "repeat"),
        new("RetryRules", "MayTryAgain", Replacement.True, "repeat"),
    ];
}
