namespace MiniLB.Tests.Journeys.Exchanges.Table;

/// <summary>One exchange: what the client sends, how the backend behaves, and what each must see.</summary>
internal sealed record ExchangeRow(string Name, string Promise)
{
    private static readonly ResponseSeen[] OkSeen = [new(200) { Body = "ok" }];

    /// <summary>The group that the row is listed in.</summary>
    public string Topic { get; init; } = "";

    public BenchKind Bench { get; init; }

    /// <summary>No backend connection is kept from the rows before.</summary>
    public bool OnFreshConnections { get; init; }

    /// <summary>The client's script.</summary>
    public required Step[] Sends { get; init; }

    /// <summary>The backend's scripts: one for each request, in the order of their arrival.</summary>
    public Step[][] Backend { get; init; } = Steps.SaysOk;

    /// <summary>The responses that the client must see, in order.</summary>
    public ResponseSeen[] Sees { get; init; } = OkSeen;

    public Then Then { get; init; }

    /// <summary>All bytes that must come after the responses, as in a tunnel.</summary>
    public string Tunnelled { get; init; } = "";

    /// <summary>The requests that must reach the backend: these and no others.</summary>
    public RequestSeen[] Reaches { get; init; } = [];

    /// <summary>A request may reach the backend, but never one that looks complete.</summary>
    public bool ReachesNoneWhole { get; init; }

    /// <summary>Another client's request comes on a new backend connection (true) or on this one's (false).</summary>
    public bool? OthersOnNewConnection { get; init; }

    public override string ToString() => $"{Topic}/{Name}";
}
