using MiniLB.RequestPath.Balance;
using MiniLB.State;

namespace MiniLB.RequestPath.Retry;

/// <summary>One attempt of those that find out whether a backend has recovered: it is over with the head of an answer,
/// because what follows may be a stream that lasts for hours.</summary>
/// <param name="watch">Learns what the answer says.</param>
/// <param name="picker">May have room to give where the circuit has closed.</param>
/// <param name="backend">Whose circuit is half-open.</param>
/// <param name="began">Where the circuit stood when the attempt began.</param>
internal sealed class CircuitTrial(TrafficWatch watch, BackendPicker picker, Backend backend, CircuitStage began)
{
    /// <summary>True once an answer has decided it.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The head of the answer has come.</summary>
    public void Answered(int status)
    {
        IsOver = true;
        watch.EndTrial(backend, status, began);
        picker.MadeRoom(backend);
    }
}
