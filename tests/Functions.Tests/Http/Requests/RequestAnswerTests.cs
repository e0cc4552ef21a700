using JitFunctions.Functions.Http.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace JitFunctions.Functions.Tests.Http.Requests;

public sealed class RequestAnswerTests
{
    [Fact]
    public void What_the_etag_says_is_read_again() => Assert.Equal((true, 4), Read("If-Match", RequestAnswer.ETag(4)));

    [Fact]
    public void No_header_is_no_version() => Assert.Equal((true, null), Read("If-Match"));

    // A proxy that compresses an answer weakens its tag.
    [Fact]
    public void A_weak_tag_tells_what_the_caller_has_seen_but_is_no_precondition()
    {
        Assert.Equal((true, 4), Read("If-None-Match", "W/\"4\""));
        Assert.False(Read("If-Match", "W/\"4\"").Readable);
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("4")]
    [InlineData("\"four\"")]
    [InlineData("\"-4\"")]
    [InlineData("\"4")]
    [InlineData("\"1\", \"2\"")]
    [InlineData("\"99999999999999999999\"")]
    public void What_is_no_version_is_refused(string value)
    {
        Assert.False(Read("If-Match", value).Readable);
        Assert.False(Read("If-None-Match", value).Readable);
    }

    [Fact]
    public void Two_headers_are_refused() => Assert.False(Read("If-Match", "\"1\"", "\"1\"").Readable);

    private static (bool Readable, long? Version) Read(string name, params string[] values)
    {
        var headers = new HeaderDictionary();
        if (values is [_, ..])
            headers[name] = new StringValues(values);
        return (RequestAnswer.TryReadVersion(headers, name, out var version), version);
    }
}
