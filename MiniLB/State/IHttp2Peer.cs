namespace MiniLB.State;

/// <summary>A client connection that speaks HTTP/2, and so is told of its end.</summary>
internal interface IHttp2Peer
{
    /// <summary>Ends once no request is under way; to be called again and again until it has.</summary>
    void CloseWhenIdle();

    /// <summary>What it is doing has taken too long.</summary>
    /// <returns>False where nobody is left to be told.</returns>
    bool TimeOut();
}
