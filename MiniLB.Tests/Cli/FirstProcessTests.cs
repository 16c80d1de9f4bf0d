using MiniLB.Cli;
using MiniLB.Config;

namespace MiniLB.Tests.Cli;

public sealed class FirstProcessTests
{
    [Theory]
    [InlineData("/minilb --admin 127.0.0.1:9000 --backend http://a", "127.0.0.1:9000")]
    [InlineData("/minilb run --admin unix:/tmp/s -b http://a", "unix:/tmp/s")]
    [InlineData("/minilb --set admin.address=:9000 -b http://a", ":9000")]
    [InlineData("/minilb demo --listen :8080 --admin :9000", ":9000")]
    [InlineData("/minilb --backend http://a", "127.0.0.1:9901")]
    [InlineData("/minilb", "127.0.0.1:9901")]
    public void Flags_SayWhereTheAdminAddressIs(string commandLine, string address)
    {
        var sources = FirstProcess.SourcesOf(Zeros(commandLine));

        var admin = ConfigLoader.Load(sources! with { ReadsFile = false }, new ConfigErrors()).Admin;
        Assert.Equal(address, admin.Address!.Text);
    }

    [Theory]
    [InlineData("/minilb --config /conf/lb.yaml")]
    [InlineData("/minilb run -c /conf/lb.yaml --listen :80")]
    public void File_IsTheInstances(string commandLine) =>
        Assert.Equal("/conf/lb.yaml", FirstProcess.SourcesOf(Zeros(commandLine))!.File);

    [Theory]
    [InlineData("/minilb check --config /conf/lb.yaml")]
    [InlineData("/minilb --no-such-flag")]
    public void WhatDoesNotBalance_SaysNothing(string commandLine) =>
        Assert.Null(FirstProcess.SourcesOf(Zeros(commandLine)));

    // As /proc has it; an argument may be empty.
    private static string Zeros(string commandLine) => commandLine.Replace(' ', '\0') + "\0";
}
