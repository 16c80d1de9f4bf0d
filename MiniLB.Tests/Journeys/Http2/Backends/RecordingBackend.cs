using System.Collections.Concurrent;
using System.Globalization;
using MiniLB.Tests.Journeys.Harness;

namespace MiniLB.Tests.Journeys.Http2.Backends;

/// <summary>A strict HTTP/1.1 backend that keeps each request to the byte and answers by its path.</summary>
internal sealed class RecordingBackend : IAsyncDisposable
{
    private readonly RawBackend _raw;
    private readonly ConcurrentQueue<RecordedRequest> _requests = [];
    private int _hanging;

    public RecordingBackend() => _raw = new RawBackend(ServeAsync);

    public string Url => _raw.Url;

    /// <summary>Requests that wait for an answer that never comes, and whose connections are open.</summary>
    public int Hanging => Volatile.Read(ref _hanging);

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    public void Forget() => _requests.Clear();

    public ValueTask DisposeAsync() => _raw.DisposeAsync();

    private async Task ServeAsync(RawConnection connection, string head)
    {
        var request = new RecordedRequest(head);
        if (request.Path != BackendAnswers.Fence)
        {
            _requests.Enqueue(request);
        }

        try
        {
            if (request.Path == BackendAnswers.Stall)
            {
                await HangAsync(connection);
            }

            await ReadBodyAsync(connection, request);
            request.Complete = true;
            if (request.Path == BackendAnswers.Hang)
            {
                await HangAsync(connection);
            }

            await connection.SendAsync(BackendAnswers.For(request));
            if (BackendAnswers.Closes(request))
            {
                await connection.DisposeAsync();
            }
        }
        finally
        {
            request.Ended = true;
        }
    }

    private async Task HangAsync(RawConnection connection)
    {
        Interlocked.Increment(ref _hanging);
        try
        {
            await Eventually.True(() => TcpState.IsGone(connection.Socket), "the end of a hanging request");
        }
        finally
        {
            Interlocked.Decrement(ref _hanging);
        }
    }

    private static async Task ReadBodyAsync(RawConnection connection, RecordedRequest request)
    {
        if (request.Values("Transfer-Encoding").Any())
        {
            await ReadChunksAsync(connection, request);
        }
        else if (request.Values("Content-Length").FirstOrDefault() is { } length)
        {
            request.Body = await connection.ReadAsync(int.Parse(length, CultureInfo.InvariantCulture));
        }
    }

    private static async Task ReadChunksAsync(RawConnection connection, RecordedRequest request)
    {
        var body = new System.Text.StringBuilder();
        while (true)
        {
            var line = await connection.ReadThroughAsync("\r\n");
            var size = int.Parse(line[..^2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                break;
            }

            body.Append(await connection.ReadAsync(size));
            Assert.Equal("\r\n", await connection.ReadAsync(2));
            request.Body = body.Length < 65_536 ? body.ToString() : request.Body;
        }

        request.Body = body.ToString();
        var trailers = "";
        for (var line = ""; line != "\r\n"; trailers += line)
        {
            line = await connection.ReadThroughAsync("\r\n");
        }

        request.Trailers = trailers;
    }
}
