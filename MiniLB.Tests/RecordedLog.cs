using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace MiniLB.Tests;

/// <summary>A log that keeps its lines, each with its level and what was thrown.</summary>
internal class RecordedLog : ILogger
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyList<string> Lines => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception?.Message}".TrimEnd());
}

/// <summary>The same, for whoever wants its own.</summary>
internal sealed class RecordedLog<T> : RecordedLog, ILogger<T>;
