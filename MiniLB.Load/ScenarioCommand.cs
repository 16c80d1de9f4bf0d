using System.CommandLine;
using MiniLB.Config;
using MiniLB.Load.Profiles;
using MiniLB.Load.Scenarios;

namespace MiniLB.Load;

/// <summary>The command of one scenario: reads its profile, runs it, and judges.</summary>
internal static class ScenarioCommand
{
    public static Command Create(ScenarioDefinition scenario)
    {
        var command = new Command(scenario.Name, scenario.Summary)
        {
            ScenarioFlags.Url, ScenarioFlags.Self, ScenarioFlags.Program, ScenarioFlags.Profile,
            ScenarioFlags.Seconds, ScenarioFlags.Rate, ScenarioFlags.Connections, ScenarioFlags.Out,
            ScenarioFlags.BackendHeader,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(ScenarioFlags.Self) == (result.GetResult(ScenarioFlags.Url) is not null))
            {
                result.AddError($"{scenario.Name}: give either --url URL, or --self");
            }

            if (result.GetValue(ScenarioFlags.Program) is { } file
                && (!file.Exists || !result.GetValue(ScenarioFlags.Self)))
            {
                result.AddError($"--minilb {file}: {(file.Exists ? "goes with --self" : "there is no such file")}");
            }
        });
        command.SetAction((parsed, _) => RunAsync(scenario, parsed));
        return command;
    }

    private static async Task<int> RunAsync(ScenarioDefinition scenario, ParseResult parsed)
    {
        var errors = new ConfigErrors();
        if (ReadProfile(scenario, parsed, errors) is not { } profile || errors.Errors.Count > 0)
        {
            foreach (var error in errors.Errors)
            {
                await Console.Error.WriteLineAsync(error);
            }

            return ExitCode.Wrong;
        }

        var folder = parsed.GetValue(ScenarioFlags.Out);
        try
        {
            folder?.Create(); // before the run: its result must have somewhere to go
            var run = new ScenarioRun(scenario, profile)
            {
                Url = parsed.GetValue(ScenarioFlags.Url),
                BackendField = parsed.GetValue(ScenarioFlags.BackendHeader)!,
                Program = parsed.GetValue(ScenarioFlags.Program)?.FullName,
                Folder = folder,
            };
            return await run.RunAsync() ? ExitCode.Clean : ExitCode.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"--out {folder}: cannot be written: {e.Message}");
            return ExitCode.Failed;
        }
        catch (InvalidOperationException e)
        {
            // What --self starts did not start.
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.Failed;
        }
    }

    private static LoadProfile? ReadProfile(ScenarioDefinition scenario, ParseResult parsed, ConfigErrors errors)
    {
        var file = parsed.GetValue(ScenarioFlags.Profile)?.ToString()
            ?? Path.Combine(AppContext.BaseDirectory, "Profiles", scenario.Name + ".json");
        LoadProfile? profile;
        try
        {
            profile = ProfileReader.Read(File.ReadAllBytes(file), file, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new ConfigOrigin(file), "", $"cannot be read: {e.Message}");
            return null;
        }

        return profile is null || errors.Errors.Count > 0 ? null : Scale(profile, parsed, errors);
    }

    private static LoadProfile Scale(LoadProfile profile, ParseResult parsed, ConfigErrors errors)
    {
        if (parsed.GetValue(ScenarioFlags.Seconds) is { } seconds)
        {
            profile = profile.Lasting(TimeSpan.FromSeconds(seconds));
        }

        if (parsed.GetValue(ScenarioFlags.Rate) is { } rate)
        {
            Require(profile.HighestRate > 0 && !profile.OfCapacity, "--rate: no stage of the profile has a rate");
            profile = profile.TimesRate(rate / profile.HighestRate);
        }

        if (parsed.GetValue(ScenarioFlags.Connections) is { } connections)
        {
            Require(profile.MostConnections > 0, "--connections: no stage of the profile has a number of them");
            profile = profile.TimesConnections(connections / profile.MostConnections);
        }

        return profile;

        void Require(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(new ConfigOrigin("command line"), "", message);
            }
        }
    }
}
