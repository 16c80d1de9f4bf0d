using System.CommandLine;
using MiniLB.Transport.Epoll;

namespace MiniLB.Cli;

/// <summary>--transport: by what the sockets are watched that requests go through.</summary>
internal static class TransportFlag
{
    private const string Own = "epoll";
    private const string Standard = "sockets";

    private static readonly Option<string> Flag = Make();

    public static void AddTo(Command command) => command.Options.Add(Flag);

    /// <summary>Starts the event loops, where they are wanted and the system has what they need.</summary>
    public static void Apply(ParseResult parsed)
    {
        if (parsed.GetValue(Flag) == Own && OperatingSystem.IsLinux())
        {
            EventLoops.OfProcess = new EventLoops();
        }
    }

    private static Option<string> Make()
    {
        var flag = new Option<string>("--transport")
        {
            Description = "Watch sockets by event loops of our own (epoll, Linux only) or by .NET's (sockets), which "
                + "cost more",
            HelpName = "NAME",
            DefaultValueFactory = _ => Own,
        };
        flag.AcceptOnlyFromAmong(Own, Standard);
        return flag;
    }
}
