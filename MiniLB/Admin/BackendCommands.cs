using MiniLB.State;

namespace MiniLB.Admin;

/// <summary>Does what the operator wants of a backend, says so once in the log, and shows the backend.</summary>
internal sealed class BackendCommands(World world, BackendAnswers answers, ILogger logger)
{
    public AdminAnswer SetMode(string pool, string name, BackendMode mode, AdminCommand command)
    {
        if (CommandBody.RefuseContent(command.Body) is { } refusal)
        {
            return refusal;
        }

        if (BackendNames.Find(world.Current, pool, name, out var backend) is { } unknown)
        {
            return unknown;
        }

        if (world.SetMode(backend, mode))
        {
            AdminLog.ModeChanged(logger, pool, backend.Url, BackendDocument.Word(mode), command.Peer);
        }

        return answers.One(pool, name);
    }

    public AdminAnswer SetWeight(string pool, string name, AdminCommand command)
    {
        if (CommandBody.RefuseWeight(command.Body, out var weight) is { } refusal)
        {
            return refusal;
        }

        if (BackendNames.Find(world.Current, pool, name, out var backend) is { } unknown)
        {
            return unknown;
        }

        if (world.SetWeight(backend, weight))
        {
            AdminLog.WeightChanged(logger, pool, backend.Url, weight, command.Peer);
        }

        return answers.One(pool, name);
    }
}
