using System.Diagnostics;
using System.Net;
using MiniLB.Tests.Fuzzing.Scripts;
using MiniLB.Tests.Fuzzing.Strict;

namespace MiniLB.Tests.Fuzzing.Oracle;

/// <summary>A case under way: what its bytes mean, and what has reached the backends so far.</summary>
/// <remarks>Backends write the arrivals, the client reads them when it has ended; both under the lock.</remarks>
internal sealed class LiveCase
{
    // Two sends, and one more where a kept connection had ended.
    private const int MostSends = 3;

    private readonly Lock _lock = new();
    private readonly int[] _arrivals;
    private int _last;

    public LiveCase(FuzzCase script, IPAddress client, Findings findings)
    {
        (Script, Client, Findings) = (script, client, findings);
        Bytes = script.Sent;
        var plans = new List<PlannedAnswer>();
        foreach (var message in StrictRequestParser.ReadAll(Bytes))
        {
            Messages.Add(message);
            plans.Add(PlannedAnswer.Read(script.AnswerFor(plans.Count), message));
            if (IsTunnel(message, plans[^1]))
            {
                TunnelStart = message.End;
                break;
            }
        }

        Plans = plans;
        _arrivals = new int[Messages.Count];
    }

    public FuzzCase Script { get; }

    /// <summary>The client's address, by which requests at a backend are known.</summary>
    public IPAddress Client { get; }

    public byte[] Bytes { get; }

    public List<StrictMessage> Messages { get; } = [];

    public IReadOnlyList<PlannedAnswer> Plans { get; }

    /// <summary>Where the bytes stop being HTTP; -1 where they never do.</summary>
    public int TunnelStart { get; } = -1;

    public Stopwatch Age { get; } = Stopwatch.StartNew();

    public Findings Findings { get; }

    /// <summary>True for cases in which a timeout of the balancer decides.</summary>
    public bool IsSlow => Script.Client.Any(s => s.Kind == StepKind.Stall) || Plans.Any(p => p.Stalls)
        || (Messages.Count > 0 && Messages[^1].Reading is Reading.NeedsHead or Reading.NeedsBody
            && Script.Client[^1].Kind is not (StepKind.Close or StepKind.Reset));

    /// <summary>True where the balancer may wait for more before it answers the last message: its end is missing, or
    /// so much of it is bad that nobody can tell where the end would be.</summary>
    public bool LastIsOpen => Messages.Count > 0 && (Messages[^1].Reading is not (Reading.Whole or Reading.BadHead)
        || (Messages[^1].Reading == Reading.BadHead && Bytes.AsSpan(Messages[^1].Start).IndexOf("\r\n\r\n"u8) < 0));

    public int Arrivals(int index)
    {
        lock (_lock)
        {
            return _arrivals[index];
        }
    }

    public int Reached
    {
        get
        {
            lock (_lock)
            {
                return _arrivals.Count(a => a > 0);
            }
        }
    }

    public void Report(string kind, string detail)
    {
        if (!HasTwins)
        {
            Findings.Add(kind, detail, Script);
        }
    }

    // Mutation has made two messages that nobody can tell apart: which of them was answered or repeated is unknown.
    private bool HasTwins => Messages.Select(m => (m.Method, m.Target)).Distinct().Count() < Messages.Count;

    /// <summary>Finds the client's message that a request at a backend is, and counts it.</summary>
    public Arrival Arrive(StrictMessage request)
    {
        lock (_lock)
        {
            for (var i = _last; i < Messages.Count; i++)
            {
                var sent = Messages[i];
                if (sent.Reading is Reading.NeedsHead or Reading.BadHead || RequestHeadRules.IsOwn(sent)
                    || sent.Method != request.Method || !SameTarget(sent.Target, request.Target)
                    || (_arrivals[i] > 0 && IsAnsweredLater(i, request)))
                {
                    continue;
                }

                _last = i;
                _arrivals[i]++;
                return new Arrival(i, _arrivals[i] == 1);
            }

            return new Arrival(-1, true);
        }
    }

    /// <summary>Kind and detail for a request that is none of the client's messages.</summary>
    public (string Kind, string Fault) WhyUnknown() => Messages.Count > 0 && Messages[^1].Reading == Reading.BadHead
        ? ("malformed request passed on", Messages[^1].Fault)
        : ("request that the client did not send", "");

    /// <summary>The fault in how often a message has arrived, or null.</summary>
    /// <remarks>Messages that look alike can only be counted together.</remarks>
    public string? JudgeRepeat(int index)
    {
        var message = Messages[index];
        var alike = Enumerable.Range(0, Messages.Count).Where(i => Messages[i].Method == message.Method
            && RequestHeadRules.PathOf(Messages[i].Target) == RequestHeadRules.PathOf(message.Target)).ToArray();
        var arrivals = alike.Sum(Arrivals);
        return Methods.MayBeRepeated(message.Method)
            ? arrivals > MostSends * alike.Length ? "request delivered too often" : null
            : arrivals > alike.Length ? "unsafe request delivered twice" : null;
    }

    /// <summary>Two messages of one client may look alike; the second is meant where the first had its answer.
    /// </summary>
    private bool IsAnsweredLater(int index, StrictMessage request) =>
        Plans[index].Kind == AnswerKind.Whole && Messages.Skip(index + 1).Any(m =>
            m.Method == request.Method && SameTarget(m.Target, request.Target));

    private static bool SameTarget(string sent, string received) =>
        received == sent || received == RequestHeadRules.PathOf(sent);

    private static bool IsTunnel(StrictMessage message, PlannedAnswer plan) =>
        message.Reading == Reading.Whole && plan is { Kind: AnswerKind.Whole, Final.Status: 101 };
}
