using System.IO.Pipes;

namespace MiniLB.BackgroundLoops.Upgrade;

/// <summary>Tells the process that this one replaces that clients are served here.</summary>
internal static class ReadySignal
{
    /// <summary>Names the descriptor of a pipe.</summary>
    public const string Variable = "MINILB_UPGRADE_READY";

    /// <summary>What goes through the pipe.</summary>
    public const byte Ready = (byte)'r';

    /// <summary>Does nothing where this process replaces none.</summary>
    public static void Send()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } descriptor)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, null);
        try
        {
            using var pipe = new AnonymousPipeClientStream(PipeDirection.Out, descriptor);
            pipe.WriteByte(Ready);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // It has ended meanwhile: there is nobody to tell.
        }
    }
}
