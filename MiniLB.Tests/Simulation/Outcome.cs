namespace MiniLB.Tests.Simulation;

/// <summary>What a simulated stretch of time came to.</summary>
internal sealed class Outcome(int backends)
{
    public int Requests { get; set; }

    public int Sends { get; set; }

    public int Failed { get; set; }

    /// <summary>Sends by backend.</summary>
    public int[] Shares { get; } = new int[backends];

    public double Amplification => (double)Sends / Requests;
}
