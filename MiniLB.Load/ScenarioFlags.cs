using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace MiniLB.Load;

/// <summary>The flags of every scenario.</summary>
internal static class ScenarioFlags
{
    private const double MostSeconds = 30 * 86_400;
    private const double MostAmount = 1_000_000;

    public static readonly Option<Uri?> Url = new("--url")
    {
        Description = "Where to send the requests, such as http://127.0.0.1:8080/path",
        HelpName = "URL",
        CustomParser = result => Read(result, "an http or https URL", (string text, out Uri? url) =>
            Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https" && url.Host.Length > 0),
    };

    public static readonly Option<bool> Self = new("--self")
    {
        Description = "Start three sample backends and a balancer on this machine, and use those",
    };

    public static readonly Option<FileInfo?> Program = new("--minilb")
    {
        Description = "The balancer that --self starts, such as out/minilb; without it the one built with this program",
        HelpName = "FILE",
    };

    public static readonly Option<FileInfo?> Profile = new("--profile")
    {
        Description = "Load and thresholds as JSON, instead of the scenario's own",
        HelpName = "FILE",
    };

    public static readonly Option<double?> Seconds = Amount(
        "--seconds", "S", "Run the same course in so many seconds", MostSeconds);

    public static readonly Option<double?> Rate = Amount(
        "--rate", "N", "Run the same course with at most so many requests a second", MostAmount);

    public static readonly Option<double?> Connections = Amount(
        "--connections", "N", "Run the same course with at most so many requests in flight", MostAmount);

    public static readonly Option<DirectoryInfo?> Out = new("--out")
    {
        Description = "Write report.json and report.html there; the folder is made where it does not exist",
        HelpName = "DIR",
    };

    public static readonly Option<string> BackendHeader = new("--backend-header")
    {
        Description = "The header field of answers that says which backend it was",
        HelpName = "NAME",
        DefaultValueFactory = _ => "X-Backend",
    };

    private delegate bool TextParser<T>(string text, out T value);

    private static Option<double?> Amount(string name, string help, string description, double most) => new(name)
    {
        Description = description,
        HelpName = help,
        CustomParser = result => Read(result, $"a number above 0, at most {most}",
            (string text, out double? value) =>
            {
                var isNumber = double.TryParse(
                    text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
                value = number;
                return isNumber && number > 0 && number <= most;
            }),
    };

    private static T? Read<T>(ArgumentResult result, string expected, TextParser<T?> parse)
    {
        var text = result.Tokens[0].Value;
        if (parse(text, out var value))
        {
            return value;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: '{text}' is not {expected}");
        return default;
    }
}
