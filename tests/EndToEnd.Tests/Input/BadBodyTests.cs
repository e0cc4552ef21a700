using System.Net.Http.Headers;
using System.Text;

namespace JitFunctions.EndToEnd.Tests.Input;

/// <summary>Bodies that are refused before anybody looks at what they ask for, and leave no trace.</summary>
public sealed class BadBodyTests(PlatformFixture fixture)
{
    private const string Good =
        """{"cluster":"demo","namespaces":["team-a"],"role":{"kind":"ClusterRole","name":"edit"},"duration":"10m","reason":"r"}""";
    private const int LargestBody = 16 * 1024;
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("42")]
    [InlineData(Good + "{}")]
    [InlineData(Good + ",")]
    [InlineData("// comment\n" + Good)]
    [InlineData("{'cluster':'demo'}")]
    [InlineData("{\"cluster\":\"demo\",}")]
    [InlineData("{\"reason\":\"\n\"}")]
    [InlineData("\uFEFF" + Good)]
    public async Task What_is_no_JSON_object_is_malformed(string body) =>
        await RefuseAsync(body, 400, "malformed-json");

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"cluster":5}""")]
    [InlineData("""{"cluster":["demo"]}""")]
    [InlineData("""{"namespaces":"team-a"}""")]
    [InlineData("""{"namespaces":[1]}""")]
    [InlineData("""{"namespaces":{}}""")]
    [InlineData("""{"clusterWide":"true"}""")]
    [InlineData("""{"clusterWide":1}""")]
    [InlineData("""{"role":"ClusterRole/edit"}""")]
    [InlineData("""{"role":{"kind":0,"name":"edit"}}""")]
    [InlineData("""{"duration":600}""")]
    [InlineData("""{"reason":{}}""")]
    [InlineData("""{"admin":true}""")]
    [InlineData("""{"role":{"kind":"ClusterRole","name":"edit","rules":[]}}""")]
    [InlineData("""{"Cluster":"demo"}""")]
    [InlineData("""{"cluster":"demo","cluster":"demo"}""")]
    [InlineData("""{"role":{"kind":"Role","kind":"ClusterRole","name":"edit"}}""")]
    public async Task JSON_of_another_shape_is_invalid(string body) => await RefuseAsync(body, 400, "invalid-request");

    [Fact]
    public async Task Every_field_that_is_wrong_is_named()
    {
        Assert.Equal(["cluster", "namespaces", "reason", "role"], await FieldsAsync("{}"));
        Assert.Equal(
            ["cluster", "namespaces", "reason", "role.kind", "role.name"],
            await FieldsAsync("""{"role":{}}""")
        );
        Assert.Equal(
            ["cluster", "duration", "namespaces", "reason", "rules", "start"],
            await FieldsAsync("""{"rules":[{}],"duration":"soon","start":"2026-12-01T22:00"}""")
        );

        async Task<IEnumerable<string>> FieldsAsync(string body) =>
            (await RefuseAsync(body, 400, "invalid-request")).Json["errors"]!
                .AsArray()
                .Select(error => error!.At("field")!)
                .Distinct()
                .Order();
    }

    [Theory]
    [InlineData(9)]
    [InlineData(7000)]
    public async Task Deep_nesting_is_refused(int depth)
    {
        var answer = await PostAsync(new string('[', depth) + new string(']', depth));
        Assert.Equal(400, (int)answer.Status);
        await RefuseAsync(
            $"{{\"role\":{new string('[', depth)}{new string(']', depth)}}}",
            400,
            "invalid-request",
            "malformed-json"
        );
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Good.Replace("\"r\"", "\"r#\"", StringComparison.Ordinal));
        bytes[Array.IndexOf(bytes, (byte)'#')] = 0xFF;
        var answer = await _scene
            .As(_scene.Alice)
            .SendAsync(HttpMethod.Post, "/api/requests", Json(new ByteArrayContent(bytes)));
        Assert.True(
            (int)answer.Status == 400 && answer.Code is "malformed-json" or "invalid-request",
            answer.ToString()
        );
        await _scene.NothingIsWrittenAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_16_KiB_is_refused_whether_or_not_it_says_its_length(bool chunked)
    {
        var bytes = Encoding.UTF8.GetBytes(Good.Insert(1, new string(' ', LargestBody + 1 - Good.Length)));
        Assert.Equal(LargestBody + 1, bytes.Length);
        HttpContent content = chunked ? new StreamContent(new Unseekable(bytes)) : new ByteArrayContent(bytes);
        (await _scene.As(_scene.Alice).SendAsync(HttpMethod.Post, "/api/requests", Json(content))).ExpectProblem(
            413,
            "too-large"
        );
        await _scene.NothingIsWrittenAsync();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/yaml")]
    public async Task Another_content_type_is_refused(string type)
    {
        (await _scene.As(_scene.Alice).PostTextAsync("/api/requests", Good, type)).ExpectProblem(
            415,
            "unsupported-media-type"
        );
        await _scene.NothingIsWrittenAsync();
    }

    [Fact]
    public async Task No_content_type_is_refused()
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Good));
        (await _scene.As(_scene.Alice).SendAsync(HttpMethod.Post, "/api/requests", content)).ExpectProblem(
            415,
            "unsupported-media-type"
        );
        await _scene.NothingIsWrittenAsync();
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("-2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("ffffffffffffffffff\r\n{}\r\n0\r\n\r\n")]
    [InlineData("7fffffff0\r\n{}\r\n0\r\n\r\n")]
    [InlineData("2\r\n{}and more\r\n0\r\n\r\n")]
    [InlineData("\r\n")]
    public async Task A_malformed_chunk_is_a_bad_request(string body)
    {
        Assert.SkipUnless(TestHost.IsEmbedded, "The Functions host reads the body before the app does.");
        var token = fixture.Platform.Issuer.IssueToken(_scene.Alice);
        var answer = await SendRawAsync(
            $"POST /api/requests HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: "
                + "application/json\r\n"
                + $"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n{body}"
        );

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"invalid-request\"", answer, StringComparison.Ordinal);
        await _scene.NothingIsWrittenAsync();
    }

    // HttpClient makes no such calls.
    private async Task<string> SendRawAsync(string call)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(fixture.Platform.Host.Address.Host, fixture.Platform.Host.Address.Port, cancellation);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(call), cancellation);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellation);
    }

    private Task<Answer> PostAsync(string body) => _scene.As(_scene.Alice).PostTextAsync("/api/requests", body);

    private async Task<Answer> RefuseAsync(string body, int status, params string[] codes)
    {
        var answer = await PostAsync(body);
        Assert.True((int)answer.Status == status && codes.Contains(answer.Code), $"{body}: {answer}");
        await _scene.NothingIsWrittenAsync();
        return answer.ExpectProblem(status, answer.Code!);
    }

    private static HttpContent Json(HttpContent content)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    // HttpClient sends what it cannot measure in chunks.
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
