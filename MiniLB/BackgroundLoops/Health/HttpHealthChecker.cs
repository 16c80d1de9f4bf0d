using System.Text;
using MiniLB.Config.Options;

namespace MiniLB.BackgroundLoops.Health;

/// <summary>Passes where a request is answered with an accepted status and, where one is asked for, the right
/// body.</summary>
internal abstract class HttpHealthChecker(HealthCheckOptions options, TimeProvider time) : HealthChecker
{
    /// <summary>How much of a body is looked at.</summary>
    protected const int MostBodyBytes = 64 * 1024;

    private readonly byte[]? _text = options.Body is { } text ? Encoding.UTF8.GetBytes(text) : null;

    protected HealthCheckOptions Options => options;

    public sealed override async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await AskAsync(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(e, options.Timeout);
        }
    }

    /// <summary>Asks once and judges the answer.</summary>
    protected abstract Task<ProbeResult> AskAsync(CancellationToken cancellationToken);

    /// <returns>True where the status alone does not decide.</returns>
    protected bool WantsBody(int status) => _text is not null && options.AcceptedStatuses.Contains(status);

    /// <param name="status">That of the answer.</param>
    /// <param name="body">How it begins, where it was wanted.</param>
    protected ProbeResult Judge(int status, ReadOnlySpan<byte> body) =>
        !options.AcceptedStatuses.Contains(status)
            ? new ProbeResult(false, $"status {status}, accepted are {options.AcceptedStatuses}")
            : _text is null || body.IndexOf(_text) >= 0
                ? new ProbeResult(true, $"status {status}")
                : new ProbeResult(false, $"status {status}, but the body lacks '{options.Body}'");
}
