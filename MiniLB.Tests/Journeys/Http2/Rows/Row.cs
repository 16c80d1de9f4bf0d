using MiniLB.Tests.Journeys.Http2.Wire;

namespace MiniLB.Tests.Journeys.Http2.Rows;

/// <summary>Frames that a client sends after preface and settings, and what each side must then have seen.</summary>
internal sealed record Row(string Name, Outcome Client, Arrival Backend, params Frame[] Frames)
{
    /// <summary>The stream that the client looks at.</summary>
    public int Stream { get; init; } = 1;

    /// <summary>False where the frames alone follow the preface.</summary>
    public bool SendsSettings { get; init; } = true;
}
