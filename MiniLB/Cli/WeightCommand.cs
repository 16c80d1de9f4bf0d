using System.CommandLine;
using System.Globalization;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>minilb weight: changes a backend's share of the traffic of a running instance.</summary>
internal static class WeightCommand
{
    private static readonly Argument<string> WeightArgument = new("N")
    {
        Description = $"Its share relative to the other backends of the pool, 1 to {BackendOptions.MostWeight}",
        Validators =
        {
            result =>
            {
                if (result.Tokens is [var token] && Parse(token.Value) is null)
                {
                    result.AddError(
                        $"weight '{token.Value}' is not a whole number from 1 to {BackendOptions.MostWeight}");
                }
            },
        },
    };

    public static Command Create()
    {
        var verb = new BackendVerb("weight",
            "Change a backend's share of the traffic until the next start\n\n"
            + "  minilb weight default/10.0.0.1:8080 3");
        verb.Command.Arguments.Add(WeightArgument);
        return verb.Does(async (parsed, backend) =>
        {
            var json = Parse(parsed.GetValue(WeightArgument)!)!.Value.ToString(CultureInfo.InvariantCulture);
            var document = await backend.TellAsync(HttpMethod.Put, "weight", json);
            Console.WriteLine($"{document.Pool}/{document.Url} has weight {document.Weight}");
            return ExitCode.Clean;
        });
    }

    private static int? Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight)
        && weight is >= 1 and <= BackendOptions.MostWeight
            ? weight
            : null;
}
