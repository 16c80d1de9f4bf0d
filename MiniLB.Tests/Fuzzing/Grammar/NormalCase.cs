using System.Text;
using MiniLB.Tests.Fuzzing.Scripts;

namespace MiniLB.Tests.Fuzzing.Grammar;

/// <summary>A request without any oddity, which every program must serve before and after all the others.</summary>
internal static class NormalCase
{
    public static FuzzCase Create(int number)
    {
        var request = number % 2 == 0
            ? $"GET /f/normal{number} HTTP/1.1\r\nHost: {Vocabulary.Host}\r\n\r\n"
            : $"POST /f/normal{number} HTTP/1.1\r\nHost: {Vocabulary.Host}\r\nContent-Length: 4\r\n\r\nabcd";
        return new FuzzCase($"normal-{number}", [Step.Send(Encoding.Latin1.GetBytes(request))], []);
    }
}
