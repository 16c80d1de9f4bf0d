using System.Text;

namespace MiniLB.Config.Options;

/// <summary>What the operator changes in the header fields of one direction, in the order of a request's way through
/// it: remove, set, add. Worked out once, so that a request allocates nothing for it.</summary>
/// <param name="Set">Fields that replace all lines of their name; each name once.</param>
/// <param name="Add">Fields that come in addition.</param>
/// <param name="Remove">Names of which no line is passed on.</param>
internal sealed record HeaderRuleOptions(
    IReadOnlyList<HeaderLine> Set, IReadOnlyList<HeaderLine> Add, IReadOnlyList<string> Remove)
{
    /// <summary>The names whose lines go, those that are set among them, but for Host.</summary>
    public byte[][] Gone { get; } = [.. Remove.Concat(Set.Select(line => line.Name))
        .Where(name => !ProtectedHeaders.IsHost(name)).Select(Encoding.ASCII.GetBytes)];

    /// <summary>The lines that come, but for Host.</summary>
    public HeaderLine[] Come { get; } =
        [.. Set.Where(line => !ProtectedHeaders.IsHost(line.Name)), .. Add];

    /// <summary>What Host is set to; null where it is not.</summary>
    public string? Host { get; } = Set.FirstOrDefault(line => ProtectedHeaders.IsHost(line.Name))?.Value;
}
