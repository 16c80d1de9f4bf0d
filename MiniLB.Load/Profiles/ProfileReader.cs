using System.Globalization;
using MiniLB.Config;

namespace MiniLB.Load.Profiles;

/// <summary>Reads a profile from JSON (comments allowed), and says of everything that is wrong where it stands.</summary>
internal static class ProfileReader
{
    private const double MostAmount = 1_000_000;

    private static readonly (string Key, LoadShape Shape, bool IsRamp)[] Amounts =
    [
        ("rate", LoadShape.Open, false),
        ("rampToRate", LoadShape.Open, true),
        ("connections", LoadShape.Closed, false),
        ("rampToConnections", LoadShape.Closed, true),
    ];

    /// <returns>The profile, to be used only where <paramref name="errors"/> has none.</returns>
    public static LoadProfile? Read(byte[] utf8, string source, ConfigErrors errors)
    {
        if (new JsonConfigReader().Read(utf8, source, errors) is not { } root)
        {
            return null;
        }

        var section = new ConfigSection(root, "", errors);
        var stages = new List<LoadStage>();
        section.List<object>("stages", (node, path) =>
        {
            stages.Add(Stage(new ConfigSection(node, path, errors), node, stages));
            return null;
        });
        if (stages.Count == 0)
        {
            errors.Add(root.Origin, "stages", "a profile has one stage at least");
        }

        var profile = new LoadProfile(
            section.Duration("warmUp", TimeSpan.Zero), stages, section.Flag("ofCapacity", false),
            Thresholds(section.Section("thresholds")))
        {
            Expected = section.List<string>("expected", TryParseText, "the name of a failure, such as 'status 503'"),
        };
        section.RejectUnknownKeys();
        return profile;
    }

    private static LoadStage Stage(ConfigSection section, ConfigNode node, List<LoadStage> before)
    {
        var given = Array.FindAll(Amounts, a => section.Node(a.Key) is not null);
        var time = section.PositiveDuration("for", TimeSpan.Zero);
        var pause = section.PositiveDuration("pause", TimeSpan.Zero);
        section.RejectUnknownKeys();
        if (given.Length == 0 && section.Node("pause") is not null && section.Node("for") is null)
        {
            return new LoadStage(LoadShape.Pause, 0, 0, pause);
        }

        if (given.Length != 1 || section.Node("for") is null || section.Node("pause") is not null)
        {
            section.Errors.Add(node.Origin, section.Path,
                $"a stage has one of {string.Join(", ", Amounts.Select(a => a.Key))} and 'for', or 'pause' alone");
            return default;
        }

        var (key, shape, isRamp) = given[0];
        var to = section.Value(key, 0.0, TryParseAmount, $"a number above 0, at most {MostAmount}");
        var from = before is [.., var last] && last.Shape == shape ? last.To : 0;
        return new LoadStage(shape, isRamp ? from : to, to, time);
    }

    private static List<Threshold> Thresholds(ConfigSection section)
    {
        var thresholds = new List<Threshold>();
        foreach (var metric in Metric.All)
        {
            if (section.Node(metric.Name) is not null)
            {
                thresholds.Add(new Threshold(
                    metric, section.Value(metric.Name, 0.0, TryParseLimit, "a number, at least 0")));
            }
        }

        section.RejectUnknownKeys();
        return thresholds;
    }

    private static bool TryParseAmount(string text, out double value) =>
        TryParseLimit(text, out value) && value is > 0 and <= MostAmount;

    private static bool TryParseLimit(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static bool TryParseText(string text, out string value)
    {
        value = text;
        return text.Length > 0;
    }
}
