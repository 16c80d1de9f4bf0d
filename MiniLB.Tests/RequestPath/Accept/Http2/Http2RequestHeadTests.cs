using MiniLB.RequestPath.Accept;
using MiniLB.RequestPath.Accept.Http2;
using MiniLB.Tests.Wire;
using MiniLB.Wire;
using MiniLB.Wire.Http2;

namespace MiniLB.Tests.RequestPath.Accept.Http2;

public sealed class Http2RequestHeadTests
{
    private const string Get = ":method=GET|:scheme=http|:authority=a.test|:path=/p";

    private static readonly HeadLimits Limits = new(100, 300, 5);

    private readonly Http2RequestHead _head = new(Limits);
    private readonly FieldList _fields = new();

    [Fact]
    public void Request_IsReadWithItsHostAndFields()
    {
        Assert.Equal(HeadRefusal.None, Read(Get + "|accept=b|x-other=c d"));

        Assert.Equal(("GET", "/p", null, null), (_head.Method, _head.Path, _head.Protocol, _head.Length));
        Assert.Equal("host=a.test accept=b x-other=c d", Heads.Passing(_fields));
        Assert.False(_head.ExpectsContinue);
    }

    [Theory]
    [InlineData(":method=GET|:scheme=https|:authority=a|:path=/", "None")]
    [InlineData(":path=/|:authority=a|:scheme=http|:method=GET", "None")]
    [InlineData(":method=OPTIONS|:scheme=http|:authority=a|:path=*", "None")]
    [InlineData(":method=GET|:scheme=http|:path=/|host=a", "None")]
    [InlineData(":method=BREW|:scheme=http|:authority=a|:path=/", "None")]
    [InlineData(":scheme=http|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=GET|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=*", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=p", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=http://a/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=/ p", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=/\u0001", "Malformed")]
    [InlineData(":method=GET|:scheme=ftp|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=HTTP|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=|:scheme=http|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=G T|:scheme=http|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a b|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=u@a|:path=/", "Malformed")]
    [InlineData(":method=GET|:method=GET|:scheme=http|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:scheme=http|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:authority=a|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=/|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=/|:status=200", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=/|:Method=GET", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|:path=/|:=", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a|x=y|:path=/", "Malformed")]
    [InlineData(":method=GET|:scheme=http|:authority=a |:path=/", "Malformed")]
    [InlineData("", "Malformed")]
    public void PseudoFields_AreThereOnce_First_AndSound(string fields, string refusal) =>
        Assert.Equal(refusal, Read(fields).ToString());

    [Theory]
    [InlineData(Get + "|host=a.test", "None", "host=a.test")]
    [InlineData(Get + "|host=A.Test", "None", "host=a.test")]
    [InlineData(Get + "|host=b.test", "Malformed", null)]
    [InlineData(Get + "|host=a.test:80", "Malformed", null)]
    [InlineData(Get + "|host=", "Malformed", null)]
    [InlineData(Get + "|host=a.test|host=a.test", "Malformed", null)]
    [InlineData(":method=GET|:scheme=http|:path=/|host=a|host=a", "Malformed", null)]
    [InlineData(":method=GET|:scheme=http|:path=/|host=a b", "Malformed", null)]
    [InlineData(":method=GET|:scheme=http|:path=/|host=a:1", "None", "host=a:1")]
    public void Host_IsTheAuthority_WhereBothAreThere(string fields, string refusal, string? passing)
    {
        Assert.Equal(refusal, Read(fields).ToString());
        Assert.True(passing is null || passing == Heads.Passing(_fields), Heads.Passing(_fields));
    }

    [Theory]
    [InlineData("|cookie=a=1", "cookie=a=1")]
    [InlineData("|cookie=a=1|x=y|cookie=b=2|cookie=c=3", "x=y cookie=a=1; b=2; c=3")]
    [InlineData("|cookie=a=1; b=2|cookie=c=3", "cookie=a=1; b=2; c=3")]
    public void Cookies_BecomeOneLine(string fields, string passing)
    {
        Assert.Equal(HeadRefusal.None, Read(Get + fields));
        Assert.Equal("host=a.test " + passing, Heads.Passing(_fields));

        Read(Get);
        Assert.Equal("host=a.test", Heads.Passing(_fields));
    }

    [Theory]
    [InlineData("content-length=5", true, "None", 5L)]
    [InlineData("content-length=0", true, "None", 0L)]
    [InlineData("content-length=0", false, "None", 0L)]
    [InlineData("content-length=9223372036854775807", true, "None", long.MaxValue)]
    [InlineData("x=y", true, "None", null)]
    [InlineData("content-length=5", false, "Malformed", null)]
    [InlineData("content-length=", true, "Malformed", null)]
    [InlineData("content-length=-1", true, "Malformed", null)]
    [InlineData("content-length=+1", true, "Malformed", null)]
    [InlineData("content-length=5, 5", true, "Malformed", null)]
    [InlineData("content-length=0x5", true, "Malformed", null)]
    [InlineData("content-length=9223372036854775808", true, "Malformed", null)]
    [InlineData("content-length=5|content-length=5", true, "Malformed", null)]
    public void ContentLength_IsOneNumber_ThatABodyMayHave(string field, bool hasBody, string refusal, long? length)
    {
        Assert.Equal(refusal, Read($"{Get}|{field}", hasBody).ToString());
        Assert.True(refusal != "None" || _head.Length == length, $"{_head.Length}");
    }

    [Theory]
    [InlineData("X=y")]
    [InlineData("a b=y")]
    [InlineData("a:b=y")]
    [InlineData("\u00e4=y")]
    [InlineData("=y")]
    [InlineData("x= y")]
    [InlineData("x=y ")]
    [InlineData("x=\ty")]
    [InlineData("x=y\u0000z")]
    [InlineData("x=y\rz")]
    [InlineData("x=y\nz")]
    [InlineData("connection=close")]
    [InlineData("connection=")]
    [InlineData("keep-alive=1")]
    [InlineData("proxy-connection=close")]
    [InlineData("transfer-encoding=chunked")]
    [InlineData("upgrade=websocket")]
    [InlineData("te=gzip")]
    [InlineData("te=trailers, gzip")]
    public void Field_ThatMayNotBe_IsMalformed(string field) =>
        Assert.Equal(HeadRefusal.Malformed, Read($"{Get}|{field}"));

    [Theory]
    [InlineData("te=trailers")]
    [InlineData("x=")]
    [InlineData("x=\u00ff")]
    [InlineData("x=a\tb")]
    public void Field_ThatMayBe_IsKept(string field)
    {
        Assert.Equal(HeadRefusal.None, Read($"{Get}|{field}"));
        Assert.Equal("host=a.test " + field, Heads.Passing(_fields));
    }

    [Theory]
    [InlineData("100-continue", "None")]
    [InlineData("100-Continue", "None")]
    [InlineData("something", "Expectation")]
    [InlineData("100-continue, x", "Expectation")]
    public void Expectation_IsThatOfA100_Alone(string value, string refusal)
    {
        Assert.Equal(refusal, Read($"{Get}|expect={value}", hasBody: true).ToString());
        Assert.True(_head.ExpectsContinue);
    }

    [Theory]
    [InlineData(90, "None")]
    [InlineData(91, "StartLineTooLong")]
    [InlineData(5000, "StartLineTooLong")]
    public void Path_AtItsLimit_IsReadOrRefused(int length, string refusal)
    {
        var path = "/" + new string('p', length - 1);

        Assert.Equal(refusal, Read($":method=GET|:scheme=http|:authority=a|:path={path}").ToString());
        Assert.Equal(refusal == "None" ? path : "", _head.Path);
    }

    [Theory]
    [InlineData(281, "None")]
    [InlineData(282, "HeadTooLarge")]
    public void Bytes_AtTheirLimit_AreReadOrRefused(int value, string refusal) =>
        Assert.Equal(refusal, Read($"{Get}|x={new string('v', value)}").ToString());

    [Theory]
    [InlineData(130, "None")]
    [InlineData(131, "HeadTooLarge")]
    public void Bytes_OfSeveralFields_AreCountedTogether(int value, string refusal) =>
        Assert.Equal(refusal, Read($"{Get}|x={new string('v', 147)}|y={new string('v', value - 1)}").ToString());

    [Theory]
    [InlineData(5, "None")]
    [InlineData(6, "HeadTooLarge")]
    public void Fields_AtTheirLimit_AreReadOrRefused(int count, string refusal) => Assert.Equal(
        refusal, Read(Get + string.Concat(Enumerable.Range(0, count).Select(i => $"|f{i}=v"))).ToString());

    [Fact]
    public void Cookies_CountAsFields_EachOfThem() =>
        Assert.Equal(HeadRefusal.HeadTooLarge, Read(Get + string.Concat(Enumerable.Repeat("|cookie=a", 6))));

    [Fact]
    public void Malformed_IsWhatElseIsWrongToo()
    {
        var tooMany = string.Concat(Enumerable.Range(0, 6).Select(i => $"|f{i}=v"));

        Assert.Equal(HeadRefusal.Malformed, Read($"{Get}|connection=close{tooMany}"));
        Assert.Equal(HeadRefusal.Malformed, Read(":scheme=http|:authority=a|:path=/" + tooMany));
        Assert.Equal(HeadRefusal.Malformed, Read($":method=GET|:scheme=http|:path=/{new string('p', 200)}"));
        Assert.Equal(HeadRefusal.HeadTooLarge, Read($"{Get}|expect=x{tooMany}"));
    }

    [Theory]
    [InlineData(":method=CONNECT|:authority=a.test:443", "None", "a.test:443", null)]
    [InlineData(":method=CONNECT|host=a.test:443", "None", "a.test:443", null)]
    [InlineData(":method=CONNECT", "Malformed", "", null)]
    [InlineData(":method=CONNECT|:authority=a|:scheme=http", "Malformed", "", null)]
    [InlineData(":method=CONNECT|:authority=a|:path=/", "Malformed", "", null)]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=http|:authority=a|:path=/c", "None", "/c", "websocket")]
    [InlineData(":method=CONNECT|:protocol=other|:scheme=http|:authority=a|:path=/c", "Malformed", "/c", "other")]
    [InlineData(":method=CONNECT|:protocol=|:scheme=http|:authority=a|:path=/c", "Malformed", "/c", "")]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=http|:path=/c", "Malformed", "/c", "websocket")]
    [InlineData(":method=CONNECT|:protocol=websocket|:authority=a|:path=/c", "Malformed", "/c", "websocket")]
    [InlineData(":method=CONNECT|:protocol=websocket|:authority=a|:scheme=http", "Malformed", "", "websocket")]
    [InlineData(":method=GET|:protocol=websocket|:scheme=http|:authority=a|:path=/c", "Malformed", "/c", "websocket")]
    public void Connect_NamesAnAuthority_OrAProtocol(string fields, string refusal, string path, string? protocol)
    {
        Assert.Equal(refusal, Read(fields, hasBody: true).ToString());
        Assert.Equal((path, protocol), (_head.Path, _head.Protocol));
    }

    [Theory]
    [InlineData("x=y|cookie=a|cookie=b|host=h", "None", "x=y cookie=a cookie=b host=h")]
    [InlineData("", "None", "")]
    [InlineData("x=y|:path=/", "Malformed", "x=y")]
    [InlineData(":status=200", "Malformed", "")]
    [InlineData("X=y", "Malformed", "")]
    [InlineData("connection=close", "Malformed", "")]
    [InlineData("a=1|b=2|c=3|d=4|e=5|f=6", "HeadTooLarge", "a=1 b=2 c=3 d=4 e=5")]
    public void Trailers_HaveNoPseudoFields_AndTheLimitsOfAHead(string fields, string refusal, string passing)
    {
        Read(Get + "|cookie=before|content-length=7", hasBody: true);
        var trailers = new FieldList();
        _head.BeginTrailers(trailers);
        Take(fields);

        Assert.Equal(refusal, _head.Refusal.ToString());
        Assert.Equal(passing, Heads.Passing(trailers));
        Assert.Equal("host=a.test content-length=7 cookie=before", Heads.Passing(_fields));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":method=CONNECT|:protocol=websocket|:scheme=http|:authority=a|:path=/c|cookie=x|content-length=9")]
    [InlineData("a=1|b=2|c=3|d=4|e=5|f=6|:path=/|host=a|host=a")]
    public void Head_BegunAnew_KeepsNothingOfTheLastOne(string before)
    {
        Read(before, hasBody: true);

        Assert.Equal(HeadRefusal.None, Read(Get + "|a=1|b=2|c=3|d=4|e=5"));
        Assert.Equal(("GET", "/p", null, null), (_head.Method, _head.Path, _head.Protocol, _head.Length));
        Assert.Equal("host=a.test a=1 b=2 c=3 d=4 e=5", Heads.Passing(_fields));
    }

    [Fact]
    public void Block_ThatNobodyWants_LeavesNothing()
    {
        Read(Get);
        _head.Ignore();

        Take(":method=POST|x=y|X=y");

        Assert.Equal(HeadRefusal.None, _head.Refusal);
        Assert.Equal("host=a.test", Heads.Passing(_fields));
    }

    private HeadRefusal Read(string fields, bool hasBody = false)
    {
        _fields.Clear();
        _head.Begin(_fields);
        Take(fields);
        _head.Finish(hasBody);
        return _head.Refusal;
    }

    /// <summary>Fields with a "|" between, of which each has its value behind its first "=".</summary>
    private void Take(string fields)
    {
        foreach (var field in fields.Split('|', fields.Length == 0 ? StringSplitOptions.RemoveEmptyEntries : default))
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            ((IFieldSink)_head).Take(Heads.Bytes(field[..at]), Heads.Bytes(field[(at + 1)..]));
        }
    }
}
