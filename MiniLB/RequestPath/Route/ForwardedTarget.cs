namespace MiniLB.RequestPath.Route;

/// <summary>The target that a backend is sent: something of ours, and the client's from some character on.</summary>
/// <remarks>Two parts, so that to cut a prefix off and to put another before it costs no new string.</remarks>
/// <param name="Prefix">Of ours; may be empty.</param>
/// <param name="Target">The client's.</param>
/// <param name="From">Where of <paramref name="Target"/> the rest begins.</param>
internal readonly record struct ForwardedTarget(string Prefix, string Target, int From)
{
    /// <summary>The target as the client sent it, byte for byte.</summary>
    public ForwardedTarget(string target)
        : this("", target, 0)
    {
    }

    public ReadOnlySpan<char> Rest => Target.AsSpan(From);

    public override string ToString() => Prefix.Length == 0 && From == 0 ? Target : string.Concat(Prefix, Rest);
}
