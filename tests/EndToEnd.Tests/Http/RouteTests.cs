using System.Net;

namespace JitFunctions.EndToEnd.Tests.Http;

public sealed class RouteTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task Health_asks_for_no_token() =>
        (await _scene.WithToken(null).GetAsync("/api/health")).Expect(HttpStatusCode.OK);

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/api/requests/000000000000/reviews")]
    [InlineData("PUT", "/api/requests/000000000000")]
    [InlineData("DELETE", "/api/requests/000000000000")]
    [InlineData("POST", "/api/requests/000000000000/approve")]
    [InlineData("POST", "/api/audit/events")]
    public async Task Where_nothing_is_a_problem_says_so(string method, string path) =>
        (await _scene.As(_scene.Alice).SendAsync(new HttpMethod(method), path)).ExpectProblem(404, "no-such-route");

    [Theory]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    public async Task A_method_that_no_call_has_finds_nothing(string method)
    {
        var answer = await _scene.As(_scene.Alice).SendAsync(new HttpMethod(method), "/api/requests");
        Assert.True((int)answer.Status is 404 or 405, answer.ToString());
        Assert.Empty(answer.Text);
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/api/requests")]
    [InlineData("/api/requests/000000000000")]
    [InlineData("/api/requests/000000000000/events")]
    [InlineData("/api/audit/events")]
    [InlineData("/api/audit/trail")]
    [InlineData("/api/reconciler")]
    public async Task Without_a_token_nothing_is_told(string path)
    {
        var refused = (await _scene.WithToken(null).GetAsync(path)).ExpectProblem(401, "unauthenticated");
        Assert.Equal("Bearer", refused.Header("WWW-Authenticate"));
    }
}
