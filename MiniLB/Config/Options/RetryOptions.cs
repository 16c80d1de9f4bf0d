namespace MiniLB.Config.Options;

/// <summary>When a request is given to another backend.</summary>
internal sealed record RetryOptions
{
    /// <summary>Sends of one request at most, the first included. A connection never made is no send.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>Before the same backend is tried once more: at random from 0 to this, doubled each time
    /// (Envoy).</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The longest such wait (Envoy).</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Requests being sent again at once, as a share of those in flight, or 3 where that is more (Envoy,
    /// Linkerd: 0.2).</summary>
    public double Budget { get; init; } = 0.2;

    /// <summary>Answers that are not passed on while another backend may be tried.</summary>
    public StatusSet? Statuses { get; init; }

    /// <summary>Bytes of a request body that are kept so that it can be sent again; 0 keeps none.</summary>
    public long MaxBody { get; init; } = 64 * 1024;
}
