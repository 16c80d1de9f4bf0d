using Microsoft.AspNetCore.Connections;
using MiniLB.RequestPath.Forward;

namespace MiniLB.Tests.RequestPath.Forward;

public sealed class BodyErrorRulesTests
{
    private static readonly (Exception Exception, ForwardError? Error)[] Table =
    [
        (new RequestBodyException(ForwardError.RequestTrailersTooLarge), ForwardError.RequestTrailersTooLarge),
        (new RequestBodyException(ForwardError.RequestBodyInvalid), ForwardError.RequestBodyInvalid),
        (new ConnectionResetException(""), ForwardError.ClientGone),
        (new ConnectionAbortedException(), ForwardError.ClientGone),
        (new IOException(), ForwardError.ClientGone),
        (new OperationCanceledException(), ForwardError.ClientGone),
        (new InvalidOperationException(), null),
        (new ArgumentException(""), null),
    ];

    [Fact]
    public void EveryExceptionOfTheClientsSide_HasItsName_AndNoOther() =>
        Assert.Equal(Table.Select(row => row.Error), Table.Select(row => BodyErrorRules.Name(row.Exception)));
}
