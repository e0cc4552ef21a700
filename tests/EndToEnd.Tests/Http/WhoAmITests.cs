using System.Globalization;
using System.Net;

namespace JitFunctions.EndToEnd.Tests.Http;

public sealed class WhoAmITests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task Whoever_is_signed_in_learns_who_they_are_in_which_groups_and_until_when()
    {
        var erin = (await _scene.As(_scene.Erin).GetAsync("/api/whoami")).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(_scene.Erin.UserName, erin.At("username"));
        Assert.EndsWith(_scene.Erin.Name, erin.At("subject"), StringComparison.Ordinal);
        Assert.Equal("""["payments-devs","payments-leads"]""", erin["groups"]!.ToJsonString());
        Assert.Equal(
            ("true", "false", "false"),
            (erin.At("groupsComplete"), erin.At("administrator"), erin.At("auditor"))
        );
        Assert.Matches(@"^\d+\.\d+\.\d+(-dev)?(\+[0-9a-f]{40})?$", erin.At("serverVersion"));
        var until = DateTimeOffset.Parse(erin.At("expiresAt")!, CultureInfo.InvariantCulture);
        Assert.InRange(until - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task Standing_is_that_of_the_policies()
    {
        Assert.Equal(
            "true",
            (await _scene.As(_scene.Administrator).GetAsync("/api/whoami"))
                .Expect(HttpStatusCode.OK)
                .Json.At("administrator")
        );
        Assert.Equal(
            "true",
            (await _scene.As(_scene.Auditor).GetAsync("/api/whoami")).Expect(HttpStatusCode.OK).Json.At("auditor")
        );
        Assert.Equal(
            "[]",
            (await _scene.As(_scene.Stranger).GetAsync("/api/whoami")).Expect(HttpStatusCode.OK).Json[
                "groups"
            ]!.ToJsonString()
        );
    }

    [Fact]
    public async Task Without_a_token_or_with_a_question_too_much_there_is_no_answer()
    {
        (await _scene.WithToken(null).GetAsync("/api/whoami")).ExpectProblem(401, "unauthenticated");
        (await _scene.As(_scene.Alice).GetAsync("/api/whoami?of=bob")).ExpectProblem(400, "invalid-query");
    }
}
