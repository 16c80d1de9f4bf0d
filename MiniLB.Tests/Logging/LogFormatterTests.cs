using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using MiniLB.Logging;

namespace MiniLB.Tests.Logging;

public sealed class LogFormatterTests
{
    [Fact]
    public void Text_IsOneLine_WhateverTheMessageAndTheExceptionSay()
    {
        var line = Written(new TextLogFormatter(), "a\nb\r\nc", new IOException("no\nroom"));

        Assert.Matches(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn: Some\.Category\[7\] a b c "
            + @"System\.IO\.IOException: no room\n$", line);
    }

    [Theory]
    [InlineData(LogLevel.Trace, "trce")]
    [InlineData(LogLevel.Debug, "dbug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "fail")]
    [InlineData(LogLevel.Critical, "crit")]
    public void Text_NamesTheLevel(LogLevel level, string word) =>
        Assert.Contains($" {word}: ", Written(new TextLogFormatter(), "m", null, level), StringComparison.Ordinal);

    [Fact]
    public void Json_IsOneLine_WithTheValuesOfTheMessageUnderTheirNames()
    {
        KeyValuePair<string, object?>[] values =
        [
            new("Pool", "a\n\"b\""), new("Count", 3), new("Share", 0.5), new("Lost", double.NaN), new("Up", true),
            new("Why", null), new("Wait", TimeSpan.FromSeconds(1)), new("{OriginalFormat}", "{Pool}"),
        ];
        var line = Written(new JsonLogFormatter(), values, "text\n2", new IOException("no\nroom"));

        Assert.Equal(1, line.Count(c => c == '\n'));
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.True(entry.GetProperty("Timestamp").GetDateTime() > DateTime.UtcNow.AddMinutes(-1));
        Assert.Equal(7, entry.GetProperty("EventId").GetInt32());
        Assert.Equal("Warning", entry.GetProperty("LogLevel").GetString());
        Assert.Equal("Some.Category", entry.GetProperty("Category").GetString());
        Assert.Equal("text\n2", entry.GetProperty("Message").GetString());
        Assert.Equal("System.IO.IOException: no\nroom", entry.GetProperty("Exception").GetString());
        Assert.Equal(
            """{"Pool":"a\n\u0022b\u0022","Count":3,"Share":0.5,"Lost":"NaN","Up":true,"Why":null,"""
            + "\"Wait\":\"00:00:01\",\"{OriginalFormat}\":\"{Pool}\"}", entry.GetProperty("State").GetRawText());
    }

    [Fact]
    public void Json_WithoutValuesAndException_HasNeither()
    {
        var entry = JsonDocument.Parse(Written(new JsonLogFormatter(), "m", null)).RootElement;

        Assert.False(entry.TryGetProperty("State", out _));
        Assert.False(entry.TryGetProperty("Exception", out _));
    }

    private static string Written(
        ConsoleFormatter formatter, string message, Exception? exception, LogLevel level = LogLevel.Warning) =>
        Written(formatter, 0, message, exception, level);

    private static string Written<TState>(
        ConsoleFormatter formatter, TState state, string message, Exception? exception,
        LogLevel level = LogLevel.Warning)
    {
        using var to = new StringWriter();
        formatter.Write(
            new LogEntry<TState>(level, "Some.Category", new EventId(7), state, exception, (_, _) => message), null, to);
        return to.ToString();
    }
}
