namespace MiniLB.State;

/// <summary>How much there is a second: in the last second, and on average over a minute and a quarter of an hour,
/// older seconds counting ever less.</summary>
/// <remarks>One writer: the statistics loop.</remarks>
internal sealed class TrafficRates
{
    private readonly Average _minute = new(60);
    private readonly Average _quarter = new(900);
    private long _count;
    private double _second;

    public double Second => Volatile.Read(ref _second);

    public double Minute => _minute.Value;

    public double Quarter => _quarter.Value;

    /// <param name="count">All that there was since the start.</param>
    /// <param name="elapsed">Since the last call.</param>
    public void Tick(long count, TimeSpan elapsed)
    {
        var rate = (count - _count) / elapsed.TotalSeconds;
        _count = count;
        Volatile.Write(ref _second, rate);
        _minute.Add(rate, elapsed);
        _quarter.Add(rate, elapsed);
    }

    /// <summary>An average that forgets; while it is young, only what it has seen counts.</summary>
    private sealed class Average(double seconds)
    {
        private double _sum;
        private double _seen;
        private double _value;

        public double Value => Volatile.Read(ref _value);

        public void Add(double rate, TimeSpan elapsed)
        {
            var share = 1 - Math.Exp(-elapsed.TotalSeconds / seconds);
            _sum += share * (rate - _sum);
            _seen += share * (1 - _seen);
            Volatile.Write(ref _value, _sum / _seen);
        }
    }
}
