namespace MiniLB.Admin;

/// <summary>Why the admin address does not do what it was asked for; answered as a problem document.</summary>
/// <param name="Type">Stable name, the last part of the type's URN.</param>
/// <param name="Detail">What would have been right.</param>
internal sealed record AdminRefusal(int Status, string Type, string Title, string Detail)
{
    public static AdminRefusal Body(string accepted) =>
        new(StatusCodes.Status400BadRequest, "malformed-body", "The body is not what is asked for here", accepted);

    public static AdminRefusal NoSuch(string what, string detail) =>
        new(StatusCodes.Status404NotFound, "not-found", $"There is no such {what}", detail);
}
