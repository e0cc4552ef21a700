using System.Net;

namespace JitFunctions.EndToEnd.Tests.Outages;

[Collection(OutageStage.Name)]
public sealed class IssuerOutageTests(OutageStage stage)
{
    [Fact]
    public async Task Who_has_the_keys_already_goes_on_without_the_issuer()
    {
        var scene = await stage.RestoreAsync();
        await scene.AskAsync();
        await stage.StopIssuerAsync();

        await scene.AskAsync();
        (await scene.WithToken("garbage").GetAsync("/api/requests")).ExpectProblem(401, "unauthenticated");
        var unknownKey = Forgery
            .Of(stage.Platform.Issuer.IssueToken(scene.Alice))
            .WithHeader("kid", "unknown")
            .Signed(_ => new byte[64]);
        var answer = await scene.WithToken(unknownKey).GetAsync("/api/requests");
        Assert.True(
            answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.ServiceUnavailable,
            answer.ToString()
        );
    }

    [Fact]
    public async Task A_host_that_starts_without_the_issuer_lets_nobody_in_until_it_is_there()
    {
        var scene = await stage.RestoreAsync();
        await stage.StopHostAsync();
        await stage.StopIssuerAsync();
        await stage.StartHostAsync();

        var unavailable = (await scene.As(scene.Alice).GetAsync("/api/requests")).ExpectProblem(
            503,
            "issuer-unavailable"
        );
        Assert.NotNull(unavailable.Header("Retry-After"));
        (await scene.WithToken(null).GetAsync("/api/requests")).ExpectProblem(401, "unauthenticated");

        await stage.StartIssuerAsync();
        await Eventually.Async(
            async () => (await scene.As(scene.Alice).GetAsync("/api/requests")).Status == HttpStatusCode.OK,
            "people get in again"
        );
    }
}
