using System.Net.Sockets;
using MiniLB.Transport;

namespace MiniLB.BackgroundLoops.Supervision;

/// <summary>Whether an event thread works: a byte to a socket of our own, which the same thread has to take that serves
/// clients.</summary>
internal sealed class EventThreadSign : LifeSign, IDisposable
{
    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(1);

    private readonly ConnectedPair _pair = new();

    // Written by the event thread and by whoever asks, never by both at once.
    private volatile bool _hasAnswered = true;

    // Written by the event thread: nothing can be heard any more, which says nothing about the thread.
    private volatile bool _isDeaf;
    private volatile int _thread;

    private EventThreadSign() => _ = HearAsync();

    public override string Name => "an event thread";

    public override bool HasAnswered => _hasAnswered || _isDeaf;

    /// <summary>One for each event thread.</summary>
    /// <remarks>.NET has one for each processor where continuations run on them (Program.cs), and gives each new socket
    /// to the next. Others take their turns meanwhile, so it is tried until all have been seen, or often
    /// enough.</remarks>
    public static List<EventThreadSign> OfAllThreads()
    {
        var (signs, seen) = (new List<EventThreadSign>(), new HashSet<int>());
        try
        {
            for (var i = 0; i < 4 * Environment.ProcessorCount && signs.Count < Environment.ProcessorCount; i++)
            {
                var sign = new EventThreadSign();
                sign.Ask();
                if (SpinWait.SpinUntil(() => sign.HasAnswered, LongestSearch) && !seen.Add(sign._thread))
                {
                    sign.Dispose();
                }
                else
                {
                    signs.Add(sign);
                }
            }
        }
        catch (SocketException)
        {
            // No descriptors: those that there are have to do.
        }

        return signs;
    }

    public override void Ask()
    {
        _hasAnswered = false;
        try
        {
            _pair.Near.Send([1]);
        }
        catch (SocketException)
        {
            // The system has nothing to give. Whoever cannot be asked cannot be blamed.
            _hasAnswered = true;
        }
    }

    public void Dispose() => _pair.Dispose();

    private async Task HearAsync()
    {
        var heard = new byte[1];
        try
        {
            while (await _pair.Far.ReceiveAsync(heard) > 0)
            {
                (_thread, _hasAnswered) = (Environment.CurrentManagedThreadId, true);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed.
        }

        _isDeaf = true;
    }
}
