using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace MiniLB.Logging;

/// <summary>An entry of the log as one line of text: time, level, category, number, message.</summary>
internal sealed class TextLogFormatter() : ConsoleFormatter("minilb-text")
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override void Write<TState>(
        in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // First: what fails must leave no half of a line behind.
        var message = OnLine(logEntry.Formatter(logEntry.State, logEntry.Exception));
        var exception = logEntry.Exception is { } e ? OnLine(ExceptionText.Of(e)) : null;
        textWriter.Write(DateTime.UtcNow.ToString(TimeFormat, CultureInfo.InvariantCulture));
        textWriter.Write(' ');
        textWriter.Write(Word(logEntry.LogLevel));
        textWriter.Write(": ");
        textWriter.Write(logEntry.Category);
        textWriter.Write('[');
        textWriter.Write(logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        textWriter.Write("] ");
        textWriter.Write(message);
        if (exception is not null)
        {
            textWriter.Write(' ');
            textWriter.Write(exception);
        }

        textWriter.Write('\n');
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };

    // What comes from outside must not look like an entry of its own.
    private static string OnLine(string text) => text.ReplaceLineEndings(" ");
}
