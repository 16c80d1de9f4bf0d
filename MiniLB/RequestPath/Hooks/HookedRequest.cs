using MiniLB.Wire;

namespace MiniLB.RequestPath.Hooks;

/// <summary>One request and the hooks around it.</summary>
internal sealed class HookedRequest(RequestHook[] hooks, HookRequest request, ILogger logger)
{
    /// <summary>Shows the request to the hooks in their order, until one answers it.</summary>
    /// <param name="answer">What it is answered; null to go on.</param>
    /// <returns>False where a hook has failed.</returns>
    public bool TryAsk(out HookAnswer? answer)
    {
        answer = null;
        foreach (var hook in hooks)
        {
            try
            {
                answer = hook.OnRequest(request);
            }
            catch (Exception e)
            {
                return Failed(hook, e);
            }

            if (answer is not null)
            {
                answer.Headers.IsSent = true;
                break;
            }
        }

        // From here on they are read by whoever sends them, on another thread maybe.
        request.Headers.IsSent = true;
        return true;
    }

    /// <summary>Shows a backend's answer to the hooks in reverse order.</summary>
    /// <returns>False where a hook has failed.</returns>
    public bool TryShow(ResponseHead answer)
    {
        var response = new HookResponse(answer);
        for (var i = hooks.Length - 1; i >= 0; i--)
        {
            try
            {
                hooks[i].OnResponse(request, response);
            }
            catch (Exception e)
            {
                return Failed(hooks[i], e);
            }
        }

        response.Headers.IsSent = true;
        return true;
    }

    private bool Failed(RequestHook hook, Exception exception)
    {
        HookLog.Failed(logger, hook.GetType().Name, request.Method, request.Target, exception);
        return false;
    }
}
