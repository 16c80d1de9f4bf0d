namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>One chunk in pieces, so that a mutator can change each by itself.</summary>
internal sealed record ChunkDraft(string SizeLine, string Data, string End)
{
    public string Render() => $"{SizeLine}\r\n{Data}{End}";
}
