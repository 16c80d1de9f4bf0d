using System.Threading.Channels;
using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>Tells all who watch how things stand: once a second, and at once after a change of the world.</summary>
/// <remarks>One document is made for all streams, and next to none where nobody watches. A stream that is slow misses
/// documents and goes on with the latest, so that nothing piles up.</remarks>
/// <param name="world">Whose changes are told at once.</param>
/// <param name="document">Makes the document of this moment: JSON without line breaks.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where a document that cannot be made is told.</param>
internal sealed class EventFeed(World world, Func<byte[]> document, TimeProvider time, ILogger logger)
{
    /// <summary>A dashboard has one stream: more of them than operators look at.</summary>
    public const int MostStreams = 32;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // Changes that come together are told together; well below the tenth of a second in which each is to be seen.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(50);

    // However much has happened, one document shows all of it.
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Taken and given back by the streams, read by the loop.
    private int _streams;

    /// <summary>Written by the loop, read by the streams.</summary>
    private volatile EventMoment _latest = new([]);

    /// <summary>What was told last.</summary>
    public EventMoment Latest => _latest;

    /// <returns>Null where there are as many as there may be.</returns>
    public EventStream? Open()
    {
        if (Interlocked.Increment(ref _streams) > MostStreams)
        {
            Close();
            return null;
        }

        var stream = new EventStream(this);
        BeDue();
        return stream;
    }

    public void Close() => Interlocked.Decrement(ref _streams);

    /// <summary>Tells until the end of the process, which ends the streams.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var tick = time.CreateTimer(_ => BeDue(), null, Period, Period);
        world.Changed += BeDue;
        try
        {
            while (true)
            {
                await _due.Reader.ReadAsync(cancellationToken);
                TellSafely();
                await Task.Delay(Gap, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end of the process.
        }
        finally
        {
            world.Changed -= BeDue;
            var end = new EventMoment(null);
            Follow(end);
            end.Pass();
        }
    }

    private void BeDue()
    {
        if (Volatile.Read(ref _streams) > 0)
        {
            _due.Writer.TryWrite(true);
        }
    }

    private void TellSafely()
    {
        try
        {
            Follow(new EventMoment([.. "data: "u8, .. document(), .. "\n\n"u8]));
        }
        catch (Exception e)
        {
            // The next document may be better, and nothing but the dashboard hangs on this one.
            AdminLog.NoEvent(logger, e);
        }
    }

    private void Follow(EventMoment moment)
    {
        var before = _latest;
        _latest = moment;
        before.Pass();
    }
}
