using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Summarize;
using MiniLB.Wire;

namespace MiniLB.RequestPath.Admit;

/// <summary>One rateLimit: refuses requests of keys that make more of them than they may.</summary>
internal sealed class RateLimiter
{
    private static readonly SipHash OfAddresses = NewHash();
    private static readonly SipHash OfHeaders = NewHash();

    private readonly string _name;
    private readonly RateLimitOptions _options;
    private readonly CellRateRules _rules;
    private readonly RateTable _table;
    private readonly byte[] _header;
    private readonly ILogger _logger;

    /// <param name="name">What clients are told that it is called.</param>
    /// <param name="options">What the operator wrote.</param>
    /// <param name="logger">Told of requests over a limit that only counts.</param>
    /// <param name="before">The one that goes on in this one; null where there is none.</param>
    public RateLimiter(string name, RateLimitOptions options, ILogger logger, RateLimiter? before = null)
    {
        (_name, _options, _logger) = (name, options, logger);
        _rules = CellRateRules.Of(options, Stopwatch.Frequency);
        _table = before?._table ?? new RateTable(options.Key == RateLimitKey.Route ? 1 : options.MaxKeys);
        _header = Encoding.ASCII.GetBytes(options.Header);
        Item = Encoding.ASCII.GetBytes($"\"{name}\";r=");
        // Of those who keep to so many in each such time none is ever refused: it is what the allowance takes to be
        // whole again.
        Policy = Encoding.ASCII.GetBytes($"\"{name}\";q={options.Burst};w={Seconds(_rules.Whole)}");
    }

    /// <summary>How the item of a RateLimit field begins.</summary>
    public byte[] Item { get; }

    /// <summary>The item of a RateLimit-Policy field.</summary>
    public byte[] Policy { get; }

    /// <summary>True where another limit goes on with what this one knows.</summary>
    public bool IsSameAs(RateLimitOptions other) => _options with { DryRun = other.DryRun } == other;

    /// <returns>Null to go on, or why not.</returns>
    public Problem? Refuse(Exchange exchange)
    {
        var passes = _table.Passes(KeyOf(exchange), exchange.StartedAt, _rules, out var ahead);
        if (_options.DryRun)
        {
            if (!passes)
            {
                exchange.Entry.IsOverDryRun = true;
                AdmitLog.OverDryRun(_logger, exchange.ClientText, exchange.Method, exchange.Target, _name);
            }

            return null;
        }

        exchange.Entry.Note(this, ahead);
        return passes ? null : Problem.RateLimited(SecondsUntilOneMore(ahead));
    }

    /// <summary>Requests that may pass at once.</summary>
    public int Left(long ahead) => _rules.Left(ahead);

    /// <summary>Seconds, rounded up and at least 1.</summary>
    public int SecondsUntilOneMore(long ahead) => (int)Seconds(_rules.UntilOneMore(ahead));

    private static long Seconds(long ticks) =>
        Math.Max(1, (ticks + Stopwatch.Frequency - 1) / Stopwatch.Frequency);

    private ulong KeyOf(Exchange exchange) => _options.Key switch
    {
        RateLimitKey.Route => 0,
        RateLimitKey.Header when FirstValue(exchange.RequestFields) is { IsEmpty: false } value => OfHeaders.Of(value),
        _ => OfAddress(exchange),
    };

    // Of several lines the first that has a value.
    private ReadOnlySpan<byte> FirstValue(FieldList fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (!field.Value.IsEmpty && Ascii.EqualsIgnoreCase(field.Name, _header))
            {
                return field.Value;
            }
        }

        return default;
    }

    // Clients of unix sockets share one key.
    private static ulong OfAddress(Exchange exchange)
    {
        var client = exchange.Client is { } address ? ClientKey.Of(address) : 0;
        return OfAddresses.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in client)));
    }

    private static SipHash NewHash()
    {
        Span<ulong> key = stackalloc ulong[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(key));
        return new SipHash(key[0], key[1]);
    }
}
