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
        textWriter.Write(DateTime.UtcNow.ToString(TimeFormat, CultureInfo.InvariantCulture));
        textWriter.Write(' ');
        textWriter.Write(Word(logEntry.LogLevel));
        textWriter.Write(": ");
        textWriter.Write(logEntry.Category);
        textWriter.Write('[');
        textWriter.Write(logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        textWriter.Write("] ");
        WriteOnLine(logEntry.Formatter(logEntry.State, logEntry.Exception), textWriter);
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(' ');
            WriteOnLine(ExceptionText.Of(exception), textWriter);
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
    private static void WriteOnLine(string text, TextWriter to) => to.Write(text.ReplaceLineEndings(" "));
}
