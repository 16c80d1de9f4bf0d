namespace MiniLB.Tests.Journeys.Exchanges.Running;

/// <summary>A row did not hold; the message tells what each side saw.</summary>
internal sealed class RowFailedException(string message) : Xunit.Sdk.XunitException(message);
