using System.Globalization;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Policies;

/// <summary>Hours in which rights may exist, in another time zone than this machine's and the API's.</summary>
public sealed class HoursTests(PlatformFixture fixture)
{
    [Fact]
    public async Task A_grant_ends_with_the_hours_however_long_it_was_asked_for_and_however_it_is_extended()
    {
        var team = await Team.SetAsync(fixture.Platform, "day");

        var active = await team.GrantAsync(Terms(team, "day", "1h"));

        Assert.Equal(PolicyFolder.ClosesAt, active.TimeAt("expiresAt"));
        (
            await team.As(team.Alice)
                .PostAsync($"/api/requests/{active.Id()}/extend", new { duration = "1m", reason = "not done yet" })
        ).ExpectProblem(403, "extension-too-long");
        await team.As(team.Alice).DoAsync(active.Id(), "relinquish");
        var shorter = await team.GrantAsync(Terms(team, "day", "10m"));
        Assert.InRange(
            shorter.TimeAt("expiresAt"),
            shorter.TimeAt("approvedAt").AddMinutes(10),
            shorter.TimeAt("activatedAt").AddMinutes(10)
        );
        await team.As(team.Alice).DoAsync(shorter.Id(), "extend", new { duration = "1m", reason = "not done yet" });
        (
            await team.As(team.Alice)
                .PostAsync($"/api/requests/{shorter.Id()}/extend", new { duration = "1h", reason = "not done yet" })
        ).ExpectProblem(403, "extension-too-long");
    }

    [Fact]
    public async Task Out_of_hours_nothing_is_asked_for_except_for_within_them()
    {
        var team = await Team.SetAsync(fixture.Platform, "night");
        foreach (
            var start in new[]
            {
                null,
                Text(PolicyFolder.OpensAt.AddMinutes(-1)),
                Text(PolicyFolder.OpensAt.AddMinutes(60)),
            }
        )
        {
            var refused = (
                await team.As(team.Alice).PostAsync("/api/requests", Terms(team, "night", "10m").With("start", start))
            ).ExpectProblem(403, "not-covered");
            Assert.Matches($@"only in Mon.*{PolicyFolder.Zone} \[hours\.yaml:\d+\]", refused.Json.At("detail"));
        }

        await team.NothingIsWrittenAsync();
        foreach (var minutes in new[] { 0, 59 })
            await team.AskAsync(
                Terms(team, "night", "10m").With("start", Text(PolicyFolder.OpensAt.AddMinutes(minutes)))
            );
    }

    private static JsonObject Terms(Team team, string prefix, string duration) =>
        team.Terms(duration, "ClusterRole/view", team.NamespaceOf(prefix));

    private static string Text(DateTimeOffset at) =>
        at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
