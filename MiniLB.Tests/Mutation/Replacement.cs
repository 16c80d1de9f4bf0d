using System.Globalization;

namespace MiniLB.Tests.Mutation;

/// <summary>What a mutant's method does in place of its own body.</summary>
internal sealed record Replacement
{
    public static readonly Replacement True = new() { Constant = 1 };

    public static readonly Replacement False = new() { Constant = 0 };

    /// <summary>Null, zero, or a finished task; every out parameter is set to its default.</summary>
    public static readonly Replacement Default = new();

    /// <summary>Null where the default of the return type is returned, or nothing.</summary>
    public int? Constant { get; private init; }

    public static Replacement Of(int constant) => new() { Constant = constant };

    public override string ToString() => Constant?.ToString(CultureInfo.InvariantCulture) ?? "default";
}
