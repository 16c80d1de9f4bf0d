using System.Globalization;

namespace MiniLB.Load.Profiles;

/// <summary>One stretch of a run: a steady load, or one that goes evenly from one amount to another.</summary>
/// <param name="Shape">What the amounts count: requests started a second, or requests in flight.</param>
/// <param name="From">The amount at its beginning.</param>
/// <param name="To">The amount at its end.</param>
/// <param name="Time">How long it lasts.</param>
internal readonly record struct LoadStage(LoadShape Shape, double From, double To, TimeSpan Time)
{
    /// <summary>The amount at a moment, counted from the beginning of the stage.</summary>
    public double At(TimeSpan moment) => From + ((To - From) * Math.Clamp(moment / Time, 0, 1));

    /// <summary>As people say it.</summary>
    public override string ToString()
    {
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{Time.TotalSeconds:0.###} s");
        var amount = From == To ? Text(To) : $"{Text(From)} to {Text(To)}";
        return Shape switch
        {
            LoadShape.Open => $"{amount} requests a second for {seconds}",
            LoadShape.Closed => $"{amount} requests at a time for {seconds}",
            _ => $"a pause of {seconds}",
        };

        static string Text(double value) => value.ToString("#,0.#", CultureInfo.InvariantCulture);
    }
}
