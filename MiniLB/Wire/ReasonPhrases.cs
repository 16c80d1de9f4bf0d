namespace MiniLB.Wire;

/// <summary>The registered phrase of a status; empty where there is none.</summary>
internal static class ReasonPhrases
{
    private static readonly string[] Known =
        [.. Enumerable.Range(0, 600).Select(Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase)];

    public static string Of(int status) => status < Known.Length ? Known[status] : "";
}
