namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>One step of a client's or a backend's script; a bare text is sent.</summary>
internal sealed record Step(StepKind Kind, string Text = "", int Piece = 0)
{
    public static implicit operator Step(string text) => new(StepKind.Say, text);
}
