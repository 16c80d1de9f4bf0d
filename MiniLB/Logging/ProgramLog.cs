using System.Text;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Summarize;

namespace MiniLB.Logging;

/// <summary>Sends the program's own log to standard error.</summary>
/// <remarks>Put together without .NET's service container, which would make its generic types while the program
/// starts: docs/performance.md.</remarks>
internal static class ProgramLog
{
    // Written at start and reload, read by whoever logs.
    private static volatile LogLevel _level = LogLevel.Information;

    public static LogLevel Level
    {
        set => _level = value;
    }

    private const int LongestWrite = 16 * 1024;

    private static LogLevel LevelOfMicrosoft => _level is LogLevel.Debug or LogLevel.Error ? _level : LogLevel.Warning;

    public static LoggerFactory Open(LogOptions options)
    {
        // .NET's logger falls silent for good after one write that fails, as on a disk that is full for a moment.
        Console.SetError(new StreamWriter(LogOutput.StandardError(), new UTF8Encoding(false), LongestWrite)
        {
            AutoFlush = true,
        });
        Level = options.Level;
        ConsoleFormatter formatter = options.Json ? new JsonLogFormatter() : new TextLogFormatter();
        var console = new ConsoleLoggerOptions
        {
            FormatterName = formatter.Name,
            LogToStandardErrorThreshold = LogLevel.Trace,
            // A stalled terminal or pipe must not stall a request.
            QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite,
        };
        var filters = new LoggerFilterOptions { MinLevel = LogLevel.Trace };
        filters.AddFilter(static (_, level) => level >= _level);
        filters.AddFilter("Microsoft", static level => level >= LevelOfMicrosoft);
        var log = new LoggerFactory([], filters);
        // Added, so that it is disposed of with the log, and what waits is written by then.
        log.AddProvider(new ConsoleLoggerProvider(new Unchanging(console), [formatter]));
        return log;
    }

    /// <summary>Options that stay as they are.</summary>
    private sealed class Unchanging(ConsoleLoggerOptions value) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => value;

        public ConsoleLoggerOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
