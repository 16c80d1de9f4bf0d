using System.Globalization;
using System.Text;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

/// <summary>Wherever backends break and however the client's bytes arrive, the last backend has the whole
/// body.</summary>
public sealed class RandomReplayTests
{
    private const int Cases = 120;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_BrokenOffAnywhere_ArrivesWholeAtTheLastBackend(bool http2)
    {
        for (var seed = 1; seed <= Cases; seed++)
        {
            var story = new Story(seed, http2);
            try
            {
                await story.RunAsync();
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, {story.Head}: {e}");
            }
        }
    }

    /// <summary>One request and the backends that it is given to.</summary>
    private sealed class Story
    {
        private readonly Random _random;
        private readonly ForwardedRequest _request;
        private readonly Queue<string> _pieces;
        private readonly StringBuilder _sent = new();
        private readonly string _data;
        private readonly string _trailers = "";
        private readonly bool _isChunked;
        private readonly bool _http2;
        private volatile bool _isBroken;

        public Story(int seed, bool http2)
        {
            _http2 = http2;
            _random = new Random(seed);
            _isChunked = _random.Next(2) == 0;
            var size = _random.Next(_random.Next(4) switch { 0 => 3, 1 => 70_000, _ => 9_000 });
            _data = string.Create(size, _random, static (text, r) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = (char)r.Next(256);
                }
            });
            if (_isChunked && _random.Next(2) == 0)
            {
                _trailers = "A=1 B=2";
            }

            Head = "PUT / HTTP/1.1|Host: a|"
                + (_isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {size}");
            _pieces = new Queue<string>(Cut(_isChunked ? Encode() : _data));
            _request = new ForwardedRequest(Head);
        }

        public string Head { get; }

        public async Task RunAsync()
        {
            _request.Exchange.KeepRequestBody(70_000);
            for (var attempts = _random.Next(1, 4); attempts > 0 && _request.Exchange.HasRequestBody; attempts--)
            {
                await FailAsync();
                Assert.True(_request.Exchange.CanRewindBody);
                _request.Exchange.RewindBody();
                _request.NextBackend();
            }

            await SucceedAsync();
            Assert.Equal(_data.Length, _request.Exchange.BytesIn);
            _request.Exchange.End();
        }

        private async Task FailAsync()
        {
            var breaksAt = _random.Next(3) == 0 ? int.MaxValue : _random.Next(_data.Length + 1);
            var connection = _request.Connection;
            var stream = _request.Stream;
            _isBroken = false;
            stream.BeforeWrite = () =>
            {
                if (stream.Told.Length >= breaksAt)
                {
                    _isBroken = true;
                    throw new IOException("broken");
                }

                return Task.CompletedTask;
            };
            SendSome();
            var stop = Start(out _);
            SendSome();
            if (_random.Next(2) == 0)
            {
                var due = Due();
                await Eventually(() => _isBroken || _request.Exchange.BytesIn >= due);
            }

            connection.Dispose();
            await stop();
        }

        private async Task SucceedAsync()
        {
            if (!_request.Exchange.HasRequestBody)
            {
                return;
            }

            SendSome();
            var stop = Start(out var isDone);
            while (_pieces.Count > 0)
            {
                SendSome();
            }

            await Eventually(isDone);
            await stop();
            if (!_isChunked || _http2)
            {
                Assert.Equal(_data, _request.Stream.Told);
            }
            else
            {
                Assert.Equal(new DecodedBody(_data, _trailers, true), DecodedBody.Of(_request.Stream.Told));
            }
        }

        /// <returns>How it is stopped.</returns>
        private Func<Task> Start(out Func<bool> isDone)
        {
            if (!_http2)
            {
                var sender = new RequestBodySender(_request.Exchange, _request.Connection);
                sender.Start();
                isDone = () => sender.IsDone;
                return async () =>
                {
                    await sender.StopAsync();
                    Assert.Equal(ForwardError.None, sender.ClientError);
                };
            }

            var body = new Http2RequestBody(_request.Exchange);
            var copying = body.CopyToAsync(_request.Stream);
            isDone = () => copying.IsCompleted;
            return async () =>
            {
                await body.EndAsync();
                await copying.ContinueWith(static _ => { }, TaskScheduler.Default);
                Assert.Equal(ForwardError.None, body.ClientError);
                body.Dispose();
            };
        }

        // How much of the data has been sent.
        private int Due() => _isChunked ? DecodedBody.Of(_sent.ToString()).Data.Length : _sent.Length;

        private void SendSome()
        {
            for (var count = _random.Next(4); count > 0 && _pieces.TryDequeue(out var piece); count--)
            {
                _sent.Append(piece);
                _request.Client.Send(piece);
            }
        }

        private IEnumerable<string> Cut(string text)
        {
            var most = 1 + (text.Length / _random.Next(1, 6));
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(_random.Next(1, most + 1), text.Length - at);
                yield return text.Substring(at, length);
                at += length;
            }
        }

        private string Encode()
        {
            var text = new StringBuilder();
            foreach (var chunk in Cut(_data))
            {
                text.Append(chunk.Length.ToString("x", CultureInfo.InvariantCulture));
                text.Append("\r\n").Append(chunk).Append("\r\n");
            }

            text.Append("0\r\n").Append(_trailers.Length > 0 ? "A: 1\r\nB: 2\r\n" : "");
            return text.Append("\r\n").ToString();
        }

        private static Task Eventually(Func<bool> condition) =>
            Journeys.Harness.Eventually.True(condition, "the body has come so far");
    }
}
