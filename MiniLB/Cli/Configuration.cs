using MiniLB.Config;
using MiniLB.Config.Options;

namespace MiniLB.Cli;

/// <summary>Loads the configuration for a command and says what is wrong with it.</summary>
internal static class Configuration
{
    /// <returns>Null where there was an error; all errors are then on standard error.</returns>
    public static BalancerOptions? Load(ConfigSources sources)
    {
        var errors = new ConfigErrors();
        var options = ConfigLoader.Load(sources, errors);
        foreach (var warning in errors.Warnings)
        {
            Console.Error.WriteLine($"warning: {warning}");
        }

        foreach (var error in errors.Errors)
        {
            Console.Error.WriteLine(error);
        }

        return errors.Errors.Count > 0 ? null : options;
    }
}
