using System.CommandLine;

namespace MiniLB.Cli;

/// <summary>minilb version.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Print the version and what it was built with");
        command.SetAction(_ => Console.WriteLine(ProgramVersion.Full));
        return command;
    }
}
