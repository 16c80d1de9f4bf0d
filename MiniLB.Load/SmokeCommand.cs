using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using MiniLB.Load.Engine;
using MiniLB.Load.Scenarios;

namespace MiniLB.Load;

/// <summary>smoke: does the address answer every request, and how fast?</summary>
internal static class SmokeCommand
{
    private const int MostConnections = 10_000;
    private const double MostSeconds = 86_400;

    private static readonly Option<Uri> UrlFlag = new("--url")
    {
        Description = "Where to send the requests, such as http://127.0.0.1:8080/path",
        HelpName = "URL",
        Required = true,
        CustomParser = ReadUrl,
    };

    private static readonly Option<int> ConnectionsFlag = new("--connections")
    {
        Description = $"Connections held open, each with one request in flight at a time; 1 to {MostConnections}",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
        CustomParser = result => Read(result, $"a whole number from 1 to {MostConnections}",
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
                && value is >= 1 and <= MostConnections),
    };

    private static readonly Option<double> SecondsFlag = new("--seconds")
    {
        Description = "How long new requests are started; those in flight then are waited for",
        HelpName = "S",
        DefaultValueFactory = _ => 10,
        CustomParser = result => Read(result, $"a number of seconds above 0, at most {MostSeconds}",
            (string text, out double value) =>
                double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value)
                && value is > 0 and <= MostSeconds),
    };

    private static readonly Option<DirectoryInfo?> OutFlag = new("--out")
    {
        Description = "Also write the result to DIR/report.json; the folder is made where it does not exist",
        HelpName = "DIR",
    };

    private delegate bool TextParser<T>(string text, out T value);

    public static Command Create()
    {
        var command = new Command("smoke",
            "GET one URL over and over on a fixed number of connections,\n"
            + "each next request when the last was answered.\n"
            + $"A request fails that gets no whole answer within {Smoke.Limit.TotalSeconds} s, or one with a status "
            + "of 400 or above. Redirects are not followed.")
        {
            UrlFlag, ConnectionsFlag, SecondsFlag, OutFlag,
        };
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(UrlFlag),
            new LoadProfile(parsed.GetValue(ConnectionsFlag), TimeSpan.FromSeconds(parsed.GetValue(SecondsFlag))),
            parsed.GetValue(OutFlag)));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, LoadProfile profile, DirectoryInfo? folder)
    {
        try
        {
            folder?.Create(); // before the run: its result must have somewhere to go
            Console.WriteLine($"smoke: GET {url}, {profile.Connections} at a time, for {profile.Time.TotalSeconds} s");
            using var stop = new StopSignal();
            using var smoke = new Smoke(url, profile.Connections);
            var result = await ClosedLoop.RunAsync(smoke.RequestAsync, profile, stop.Token);
            var report = Report.Of("smoke", url, profile, result, stop.Token.IsCancellationRequested);
            Console.WriteLine();
            Console.WriteLine(ReportTable.Of(report));
            if (folder is not null)
            {
                report.WriteTo(folder);
            }

            return Judge(report);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"--out {folder}: cannot be written: {e.Message}");
            return ExitCode.Failed;
        }
    }

    private static int Judge(Report report)
    {
        if (report.Requests == 0)
        {
            Console.Error.WriteLine("no request was made");
            return ExitCode.Failed;
        }

        if (report.Failed == 0)
        {
            return ExitCode.Clean;
        }

        var kinds = string.Join(", ", report.Failures.Select(f => $"{f.Value} {f.Key}"));
        Console.Error.WriteLine($"{report.Failed} of {report.Requests} requests failed: {kinds}");
        return ExitCode.Failed;
    }

    private static Uri? ReadUrl(ArgumentResult result) => Read(result, "an http or https URL",
        (string text, out Uri? url) =>
            Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "http" or "https" && url.Host.Length > 0);

    private static T? Read<T>(ArgumentResult result, string expected, TextParser<T?> parse)
    {
        var text = result.Tokens[0].Value;
        if (parse(text, out var value))
        {
            return value;
        }

        result.AddError($"{result.Tokens[0].Value} is not {expected}");
        return default;
    }
}
