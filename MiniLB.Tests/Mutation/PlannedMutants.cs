using static MiniLB.Tests.Mutation.Replacement;

namespace MiniLB.Tests.Mutation;

/// <summary>The checks that are switched off, one after the other.</summary>
internal static class PlannedMutants
{
    public static readonly PlannedMutant[] All =
    [
        .. OfBytes(), .. OfRequests(), .. OfBodies(), .. OfAnswers(), .. OfFields(), .. OfConnections(),
    ];

    private static PlannedMutant[] OfBytes() =>
    [
        new("Syntax", "IsToken", True, "request-line", "field-syntax"),
        new("Syntax", "IsFieldValue", True, "field-syntax"),
        new("Syntax", "IsTarget", True, "target"),
        new("Syntax", "IsHost", True, "host"),
        new("Syntax", "IsPort", True, "host"),
        new("FieldLines", "EndsInCarriageReturn", True, "field-syntax", "request-line", "response-syntax"),
        new("FieldLines", "HasBareLineFeed", False, "field-syntax", "request-line", "response-syntax"),
    ];

    private static PlannedMutant[] OfRequests() =>
    [
        new("RequestHeadParser", "CheckPart", False, "request-line", "limits", "field-syntax"),
        new("RequestHeadParser", "ParseVersion", False, "request-line"),
        new("RequestHeadParser", "CheckExpectation", False, "expect"),
        new("TargetForm", "Fits", True, "target"),
        new("MiniLB.Wire.HostRules", "HasRightCount", True, "host"),
        new("MiniLB.Wire.HostRules", "AgreesWithTarget", True, "host", "target"),
        new("FramingRules", "HasSoundLength", True, "content-length", "response-framing"),
        new("FramingRules", "HasTwoFramings", False, "transfer-encoding", "content-length", "response-framing"),
        new("FramingRules", "CheckCoding", False, "transfer-encoding", "response-framing"),
        new("HeadLimits", "AllowsStartLine", True, "limits"),
        new("HeadLimits", "AllowsBytes", True, "limits", "response-syntax"),
        new("HeadLimits", "AllowsAnother", True, "limits", "response-syntax", "trailers"),
        new("Admission", "RefuseMethod", Default, "request-line", "target", "faithful"),
        new("OwnTargets", "IsOptionsOfServer", False, "faithful", "target"),
        new("OwnTargets", "EndsHere", False, "faithful"),
    ];

    private static PlannedMutant[] OfBodies() =>
    [
        new("ChunkedDecoder", "EndsInCarriageReturn", True, "chunked"),
        new("ChunkedDecoder", "IsExtension", True, "chunked"),
        new("ChunkedDecoder", "CheckPart", False, "chunked"),
        new("ChunkedDecoder", "AllowsLine", True, "chunked"),
        new("ChunkedDecoder", "AllowsDigits", True, "chunked"),
        new("ChunkedDecoder", "AllowsOverhead", True, "chunked"),
        new("Http1RequestBody", "IsTooLarge", False, "limits"),
        new("TrailerRules", "MayFollow", True, "trailers"),
        new("UploadPace", "WaitForClient", Default, "slow"),
        new("Http1Attempt", "IsRefusedEarly", False, "expect", "abort"),
    ];

    private static PlannedMutant[] OfAnswers() =>
    [
        new("ResponseHeadParser", "IsHopeless", False, "response-syntax"),
        new("ResponseHeadParser", "TryParseStatusLine", True, "response-syntax"),
        new("FramingRules", "HasNoBody", False, "response-framing"),
        new("UpgradeRules", "IsAsked", True, "upgrade"),
        new("UpgradeRules", "LeadsToHttp2", False, "upgrade"),
        new("Http1Attempt", "IsUnaskedSwitch", False, "upgrade", "interim"),
    ];

    private static PlannedMutant[] OfFields() =>
    [
        new("HeaderRules", "EndsHere", False, "hop-by-hop"),
        new("HeaderRules", "IsProtected", False, "hop-by-hop"),
        new("HeaderRules", "Hold", Default, "hop-by-hop"),
        new("PassedFields", "PrepareRequest", Default, "hop-by-hop"),
        new("PassedFields", "TryPrepareAnswer", True, "hop-by-hop"),
        new("FieldChanges", "Apply", Default, "header-rules"),
        new("FieldChanges", "Remove", Default, "header-rules"),
        new("HeaderRules", "IsOurs", False, "forwarding-fields"),
        new("HeaderRules", "IsReplaced", False, "forwarding-fields"),
        new("RequestHeadWriter", "IsLeftOut", False, "forwarding-fields"),
        new("FieldNames", "IsForwarding", False, "forwarding-fields"),
    ];

    private static PlannedMutant[] OfConnections() =>
    [
        new("RetryRules", "IsIdempotent", True, "repeat"),
        new("RetryRules", "IsIdempotent", False, "repeat"),
        new("RetryRules", "AllowsSameBackend", False, "repeat"),
        new("RetryRules", "MayTryAgain", True, "repeat"),
        new("PersonalRules", "IsOfConnections", False, "sharing"),
        new("BackendConnection", "get_IsQuiet", True, "repeat", "persistence", "response-framing"),
        new("ConnectionSweep", "EndWaiting", Default, "slow"),
    ];
}
