namespace MiniLB.Config;

/// <summary>Reads one configuration file syntax.</summary>
internal interface IConfigReader
{
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="source">The file's name, for error lines.</param>
    /// <param name="errors">Receives every error of syntax.</param>
    /// <returns>The root, or null where the syntax made it unreadable.</returns>
    ConfigNode? Read(byte[] utf8, string source, ConfigErrors errors);
}
