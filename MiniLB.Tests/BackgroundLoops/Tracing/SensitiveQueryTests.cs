using MiniLB.BackgroundLoops.Tracing;

namespace MiniLB.Tests.BackgroundLoops.Tracing;

public sealed class SensitiveQueryTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a=1&b", "a=1&b")]
    [InlineData("sig=abc%3D", "sig=REDACTED")]
    [InlineData("a=1&Signature=x&AWSAccessKeyId=y=z&b=2", "a=1&Signature=REDACTED&AWSAccessKeyId=REDACTED&b=2")]
    [InlineData("X-Goog-Signature=&&c", "X-Goog-Signature=REDACTED&&c")]
    [InlineData("design=1&signature=2&sig", "design=1&signature=2&sig")]
    public void Signature_IsBlanked_AndAllElseStays(string query, string shown) =>
        Assert.Equal(shown, SensitiveQuery.Redacted(query));
}
