namespace MiniLB.RequestPath.Forward;

/// <summary>Which of the time limits of an exchange is running.</summary>
internal enum TimeLimit
{
    None,
    Queue,
    RequestBody,
    BackendTakesBody,
    ResponseHead,
    ResponseBody,
    ClientTakes,
    Tunnel,
    Stop,
    Total,
}
