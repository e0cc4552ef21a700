using System.Text;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Http.Requests;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Tests.Http;

public sealed class ApiJsonTests
{
    [Fact]
    public async Task A_body_is_read()
    {
        var (body, problem) = await ReadAsync(
            """{"cluster":"demo","namespaces":["a"],"role":{"kind":"Role","name":"edit"},"ticket":null}"""
        );
        Assert.Null(problem);
        Assert.Equal(("demo", "a", "edit"), (body!.Cluster, Assert.Single(body.Namespaces!), body.Role!.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("nul")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("7")]
    [InlineData("""{"cluster":"demo"} {}""")]
    [InlineData("""{"cluster":"demo",}""")]
    [InlineData("""{'cluster':'demo'}""")]
    [InlineData("""/* a comment */ {"cluster":"demo"}""")]
    [InlineData("\uFEFF{}")]
    public async Task What_is_no_json_object_is_malformed(string body) =>
        ProblemAssert.Is(400, "malformed-json", (await ReadAsync(body)).Problem);

    [Theory]
    [InlineData("""{"clusters":"demo"}""", "clusters")]
    [InlineData("""{"Cluster":"demo"}""", "Cluster")]
    [InlineData("""{"role":{"kind":"Role","uid":1}}""", "role.uid")]
    [InlineData("""{"cluster":"a","cluster":"b"}""", "cluster")]
    [InlineData("""{"cluster":5}""", "cluster")]
    [InlineData("""{"clusterWide":"true"}""", "clusterWide")]
    [InlineData("""{"namespaces":"a"}""", "namespaces")]
    [InlineData("""{"namespaces":["a",7]}""", "namespaces[1]")]
    [InlineData("""{"role":[]}""", "role")]
    [InlineData("""{"reason":"\ud83d"}""", "reason")]
    public async Task A_field_that_is_unknown_doubled_or_of_the_wrong_kind_is_named(string body, string field)
    {
        var problem = ProblemAssert.Is(400, "invalid-request", (await ReadAsync(body)).Problem);
        Assert.Equal(
            field,
            Assert.Single(Assert.IsAssignableFrom<IEnumerable<FieldError>>(problem.Extensions["errors"])).Field
        );
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_refused()
    {
        var bytes = Encoding.UTF8.GetBytes("""{"reason":"#"}""");
        bytes[Array.IndexOf(bytes, (byte)'#')] = 0xFF;
        Assert.Equal(400, Assert.IsAssignableFrom<IStatusCodeHttpResult>((await ReadAsync(bytes)).Problem).StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_nested_deeply_is_refused()
    {
        var deep = string.Concat(Enumerable.Repeat("[", 5000));
        Assert.Equal(400, Assert.IsAssignableFrom<IStatusCodeHttpResult>((await ReadAsync(deep)).Problem).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_largest_body_fits_and_one_byte_more_does_not(bool saysItsLength)
    {
        var fits = Padded(ApiJson.LargestBody);
        Assert.NotNull((await ReadAsync(fits, length: saysItsLength ? fits.Length : null)).Body);
        var tooLarge = Padded(ApiJson.LargestBody + 1);
        ProblemAssert.Is(
            413,
            "too-large",
            (await ReadAsync(tooLarge, length: saysItsLength ? tooLarge.Length : null)).Problem
        );
    }

    [Fact]
    public async Task A_body_that_says_to_be_too_large_is_not_read()
    {
        using var unreadable = new MemoryStream();
        await unreadable.DisposeAsync();
        var http = new DefaultHttpContext { Request = { Body = unreadable, ContentLength = ApiJson.LargestBody + 1 } };
        ProblemAssert.Is(
            413,
            "too-large",
            (await ApiJson.ReadAsync<RequestBody>(http.Request, TestContext.Current.CancellationToken)).Problem
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("json")]
    public async Task Another_content_type_is_refused(string? type) =>
        ProblemAssert.Is(415, "unsupported-media-type", (await ReadAsync(Encoding.UTF8.GetBytes("{}"), type)).Problem);

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("APPLICATION/JSON")]
    public async Task Json_may_say_its_character_set(string type) =>
        Assert.NotNull((await ReadAsync(Encoding.UTF8.GetBytes("{}"), type)).Body);

    [Fact]
    public async Task No_body_is_an_empty_one_where_it_is_optional()
    {
        Assert.Equal(new CommentBody(), (await ReadCommentAsync("", type: null)).Body);
        ProblemAssert.Is(400, "malformed-json", (await ReadCommentAsync("{", "application/json")).Problem);
        ProblemAssert.Is(415, "unsupported-media-type", (await ReadCommentAsync("{}", type: null)).Problem);
    }

    private static Task<(RequestBody? Body, IResult? Problem)> ReadAsync(string body) =>
        ReadAsync(Encoding.UTF8.GetBytes(body));

    private static Task<(RequestBody? Body, IResult? Problem)> ReadAsync(
        byte[] body,
        string? type = "application/json",
        long? length = null
    ) => ApiJson.ReadAsync<RequestBody>(Request(body, type, length), TestContext.Current.CancellationToken);

    private static Task<(CommentBody? Body, IResult? Problem)> ReadCommentAsync(string body, string? type) =>
        ApiJson.ReadAsync<CommentBody>(
            Request(Encoding.UTF8.GetBytes(body), type, null),
            TestContext.Current.CancellationToken,
            optional: true
        );

    private static HttpRequest Request(byte[] body, string? type, long? length) =>
        new DefaultHttpContext
        {
            Request =
            {
                Body = new MemoryStream(body),
                ContentType = type,
                ContentLength = length,
            },
        }.Request;

    private static byte[] Padded(int length) => Encoding.UTF8.GetBytes("""{"reason":"x"}""".PadRight(length));
}
