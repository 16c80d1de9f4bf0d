namespace MiniLB.Tests.Fuzzing.Strict;

/// <summary>One field line, as Latin-1 text, without the blanks around its value.</summary>
internal readonly record struct StrictField(string Name, string Value)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
