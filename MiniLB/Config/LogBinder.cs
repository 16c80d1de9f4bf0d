using MiniLB.Config.Options;

namespace MiniLB.Config;

/// <summary>Gives the keys of what is told about requests their meaning.</summary>
internal static class LogBinder
{
    public static AccessLogOptions AccessLog(ConfigSection section)
    {
        var defaults = new AccessLogOptions();
        var options = new AccessLogOptions
        {
            Format = section.Word("format", defaults.Format, ("json", AccessLogFormat.Json),
                ("combined", AccessLogFormat.Combined), ("off", AccessLogFormat.Off), ("false", AccessLogFormat.Off)),
            Path = section.Value("path", defaults.Path, (string text, out string path) =>
            {
                path = text;
                return text.Length > 0;
            }, "a file to append to, or stdout"),
            Sample = section.Fraction("sample", defaults.Sample),
            RequestHeaders = Names(section, "requestHeaders"),
            ResponseHeaders = Names(section, "responseHeaders"),
        };
        section.RejectUnknownKeys();
        return options;
    }

    public static TracingOptions Tracing(ConfigSection section)
    {
        var defaults = new TracingOptions();
        var options = new TracingOptions
        {
            Enabled = section.Flag("enabled", defaults.Enabled),
            Otlp = section.Optional<Uri>("otlp", defaults.Otlp, TryParseCollector,
                "the http URL of a collector such as http://127.0.0.1:4318, or null"),
            Sample = section.Fraction("sample", defaults.Sample),
        };
        section.RejectUnknownKeys();
        return options;
    }

    // Without a path it is the one of the standard (OTLP section on OTLP/HTTP requests).
    private static bool TryParseCollector(string text, out Uri url)
    {
        var isHttp = Uri.TryCreate(text, UriKind.Absolute, out url!) && url.Scheme == Uri.UriSchemeHttp
            && url.Host.Length > 0 && url.UserInfo.Length == 0;
        if (isHttp && url.PathAndQuery == "/")
        {
            url = new Uri(url, "/v1/traces");
        }

        return isHttp;
    }

    private static IReadOnlyList<string> Names(ConfigSection section, string key) =>
        section.List<string>(key, HeaderText.TryParseName, HeaderText.ExpectedName);
}
