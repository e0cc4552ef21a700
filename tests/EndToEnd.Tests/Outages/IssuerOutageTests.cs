using System.Net;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageFixture.Name)]
public sealed class IssuerOutageTests(OutageFixture fixture)
{
    [Fact]
    public async Task Who_has_the_keys_already_goes_on_without_the_issuer()
    {
        var team = await fixture.RestoreAsync();
        await team.AskAsync();
        await fixture.StopIssuerAsync();

        await team.AskAsync();
        (await team.WithToken("garbage").GetAsync("/api/requests")).ExpectProblem(401, "unauthenticated");
        var unknownKey = Forgery
            .Of(fixture.Platform.Issuer.IssueToken(team.Alice))
            .WithHeader("kid", "unknown")
            .Signed(_ => new byte[64]);
        var answer = await team.WithToken(unknownKey).GetAsync("/api/requests");
        Assert.True(
            answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable,
            answer.ToString()
        );
    }

    [Fact]
    public async Task A_host_that_starts_without_the_issuer_lets_nobody_in_until_it_is_there()
    {
        var team = await fixture.RestoreAsync();
        await fixture.StopHostAsync();
        await fixture.StopIssuerAsync();
        await fixture.StartHostAsync();

        var unavailable = (await team.As(team.Alice).GetAsync("/api/requests")).ExpectProblem(
            503,
            "issuer-unavailable"
        );
        Assert.NotNull(unavailable.Header("Retry-After"));
        (await team.WithToken(null).GetAsync("/api/requests")).ExpectProblem(401, "unauthenticated");

        await fixture.StartIssuerAsync();
        await Eventually.Async(
            async () => (await team.As(team.Alice).GetAsync("/api/requests")).Status == HttpStatusCode.OK,
            "people get in again"
        );
    }
}
