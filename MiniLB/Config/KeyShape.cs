namespace MiniLB.Config;

/// <summary>What may be written at one key, as the binder that reads it has it.</summary>
/// <param name="Path">The key path, list positions included.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Expected">What its value, or each item of its list, must be; empty where that has keys of its
/// own.</param>
/// <param name="Accepts">Whether the binder takes a text; null where the value has keys of its own.</param>
internal sealed record KeyShape(string Path, KeyKind Kind, string Expected, Func<string, bool>? Accepts)
{
    /// <summary>The default as it would be written; null where there is none.</summary>
    public string? Default { get; init; }

    /// <summary>True where null may be written and says something.</summary>
    public bool TakesNull { get; init; }

    /// <summary>True where exactly one of the keys of its map that say so must be there.</summary>
    public bool IsAlternative { get; init; }
}

/// <summary>What a key holds.</summary>
internal enum KeyKind
{
    /// <summary>One text, number or flag.</summary>
    Value,

    /// <summary>A list of values, or of maps.</summary>
    List,

    /// <summary>A list of values, or one value.</summary>
    ListOrValue,

    /// <summary>A map, or one value that stands for a map.</summary>
    MapOrValue,

    /// <summary>A map whose keys are the operator's own names.</summary>
    Names,
}
