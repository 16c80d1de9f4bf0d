using System.Text;
using Microsoft.Extensions.Logging.Console;
using MiniLB.Config.Options;
using MiniLB.RequestPath.Summarize;

namespace MiniLB;

/// <summary>Sends the program's own log to standard error.</summary>
internal static class LogSetup
{
    // Written at start and reload, read by whoever logs.
    private static volatile LogLevel _level = LogLevel.Information;

    public static LogLevel Level
    {
        set => _level = value;
    }

    private const int LongestWrite = 16 * 1024;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";

    private static LogLevel LevelOfMicrosoft => _level is LogLevel.Debug or LogLevel.Error ? _level : LogLevel.Warning;

    public static void Apply(ILoggingBuilder logging, LogOptions options)
    {
        // .NET's logger falls silent for good after one write that fails, as on a disk that is full for a moment.
        Console.SetError(new StreamWriter(LogOutput.StandardError(), new UTF8Encoding(false), LongestWrite)
        {
            AutoFlush = true,
        });
        logging.ClearProviders();
        Level = options.Level;
        logging.SetMinimumLevel(LogLevel.Trace);
        logging.AddFilter(static (_, level) => level >= _level);
        logging.AddFilter("Microsoft", static level => level >= LevelOfMicrosoft);
        if (options.Json)
        {
            logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "O";
            });
        }
        else
        {
            logging.AddSimpleConsole(text =>
            {
                text.SingleLine = true;
                text.UseUtcTimestamp = true;
                text.TimestampFormat = TimeFormat;
                text.ColorBehavior = LoggerColorBehavior.Disabled;
            });
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // A stalled terminal or pipe must not stall a request.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }
}
