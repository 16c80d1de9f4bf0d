namespace MiniLB.Tests.Fuzzing.Scripts;

/// <summary>One action of a script: bytes to send, or a number whose meaning the kind gives.</summary>
internal readonly record struct Step(StepKind Kind, byte[] Bytes, int Count)
{
    public static Step Of(StepKind kind, int count = 0) => new(kind, [], count);

    public static Step Send(byte[] bytes) => new(StepKind.Send, bytes, 0);
}
