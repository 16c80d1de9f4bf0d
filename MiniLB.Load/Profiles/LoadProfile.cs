namespace MiniLB.Load.Profiles;

/// <summary>How much load, for how long, and what must come of it.</summary>
/// <param name="WarmUp">Load of the first stage before anything is counted.</param>
/// <param name="Stages">What follows, one after the other.</param>
/// <param name="OfCapacity">True where the rates are multiples of the capacity, which is measured first.</param>
/// <param name="Thresholds">What the result is held against.</param>
internal sealed record LoadProfile(
    TimeSpan WarmUp, IReadOnlyList<LoadStage> Stages, bool OfCapacity, IReadOnlyList<Threshold> Thresholds)
{
    /// <summary>Failures that the profile provokes, by name; they are counted as refused, not as failed.</summary>
    public IReadOnlyList<string> Expected { get; init; } = [];

    public TimeSpan Time => TimeSpan.FromTicks(Stages.Sum(s => s.Time.Ticks));

    /// <summary>The most requests started a second; 0 where no stage has a rate.</summary>
    public double HighestRate => Highest(LoadShape.Open);

    /// <summary>The most requests in flight of the stages that fix it; 0 where none does.</summary>
    public double MostConnections => Highest(LoadShape.Closed);

    /// <returns>The same course in another time.</returns>
    public LoadProfile Lasting(TimeSpan time)
    {
        var factor = time / Time;
        return this with
        {
            WarmUp = TimeSpan.FromTicks(Math.Min(WarmUp.Ticks, time.Ticks)),
            Stages = [.. Stages.Select(s => s with { Time = s.Time * factor })],
        };
    }

    /// <returns>The same course with rates multiplied.</returns>
    public LoadProfile TimesRate(double factor) => Times(LoadShape.Open, factor);

    /// <returns>The same course with requests in flight multiplied.</returns>
    public LoadProfile TimesConnections(double factor) => Times(LoadShape.Closed, factor);

    private double Highest(LoadShape shape) =>
        Stages.Where(s => s.Shape == shape).Select(s => Math.Max(s.From, s.To)).DefaultIfEmpty(0).Max();

    private LoadProfile Times(LoadShape shape, double factor) => this with
    {
        Stages = [.. Stages.Select(s =>
            s.Shape == shape ? s with { From = s.From * factor, To = s.To * factor } : s)],
    };
}
