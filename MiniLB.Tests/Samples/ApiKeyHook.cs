using MiniLB.RequestPath.Hooks;

namespace MiniLB.Tests.Samples;

/// <summary>Lets nobody in without a key, and tells backends whose it is.</summary>
internal sealed class ApiKeyHook(IReadOnlyDictionary<string, string> owners) : RequestHook
{
    private static readonly HookAnswer NoKey = new(401, "text/plain", "an X-Api-Key is needed\n"u8);

    static ApiKeyHook() => NoKey.Headers.Set("WWW-Authenticate", "ApiKey");

    public override HookAnswer? OnRequest(HookRequest request)
    {
        if (request.Headers.Get("X-Api-Key") is not { } key || !owners.TryGetValue(key, out var owner))
        {
            return NoKey;
        }

        request.Headers.Remove("X-Api-Key");
        request.Headers.Set("X-Api-Owner", owner);
        return null;
    }

    public override void OnResponse(HookRequest request, HookResponse response)
    {
        response.Headers.Remove("Server");
        if (response.Status >= 500)
        {
            response.Headers.Set("X-Failed-Request", request.RequestId);
        }
    }
}
