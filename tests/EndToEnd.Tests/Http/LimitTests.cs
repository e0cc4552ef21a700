using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Http;

/// <summary>What one person may have at once, by default.</summary>
public sealed class LimitTests(PlatformFixture fixture)
{
    private const int MostOpen = 20;
    private const int MostWaits = 20;

    [Fact]
    public async Task Of_a_hundred_requests_at_once_one_person_opens_no_more_than_they_may_have()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var api = team.As(team.Alice);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => api.PostAsync("/api/requests", team.Terms()))
        );

        var opened = answers.Where(answer => answer.Status == HttpStatusCode.Created).ToList();
        Assert.Equal(MostOpen, opened.Count);
        // One is looked at after the other, twenty may wait for that, and whoever comes when there is room again finds
        // that all are open.
        var (waits, open) = (
            answers.Except(opened).Where(answer => answer.Code == "too-many-waits").ToList(),
            answers.Except(opened).Where(answer => answer.Code != "too-many-waits").ToList()
        );
        // Where each is looked at before the next one comes, none waits.
        Assert.All(
            waits,
            refused => Assert.NotNull(refused.ExpectProblem(429, "too-many-waits").Header("Retry-After")),
            throwIfEmpty: false
        );
        foreach (var refused in open)
            Assert.Contains(
                "You have 20 open requests",
                refused.ExpectProblem(429, "too-many-open").Json.At("detail"),
                StringComparison.Ordinal
            );
        Assert.Equal(MostOpen, (await api.GetAsync("/api/requests?mine=true&limit=200")).Items.Count);

        // Others are not kept out, and what has ended makes room.
        await team.As(team.Erin).AskAsync(team.Terms());
        await api.DoAsync(opened[0].Json.Id(), "withdraw");
        await api.AskAsync(team.Terms());
        (await api.PostAsync("/api/requests", team.Terms())).ExpectProblem(429, "too-many-open");

        await Task.WhenAll(
            (await api.GetAsync("/api/requests?mine=true&status=pending&limit=200")).Items.Select(request =>
                api.DoAsync(request.Id(), "withdraw")
            )
        );
    }

    [Fact]
    public async Task A_repeated_call_is_answered_also_when_there_is_no_room_for_another()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var api = team.As(team.Alice);
        var first = await api.PostAsync("/api/requests", team.Terms(), ("Idempotency-Key", "once"));
        await Task.WhenAll(Enumerable.Range(1, MostOpen - 1).Select(_ => api.AskAsync(team.Terms())));

        (await api.PostAsync("/api/requests", team.Terms())).ExpectProblem(429, "too-many-open");
        var again = await api.PostAsync("/api/requests", team.Terms(), ("Idempotency-Key", "once"));

        Assert.Equal(first.Json.Id(), again.Expect(HttpStatusCode.Created).Json.Id());
        await Task.WhenAll(
            (await api.GetAsync("/api/requests?mine=true&status=pending&limit=200")).Items.Select(request =>
                api.DoAsync(request.Id(), "withdraw")
            )
        );
    }

    [Fact]
    public async Task A_person_waits_with_twenty_calls_and_is_told_of_the_change_in_each()
    {
        var team = await Team.SetAsync(fixture.Platform);
        var id = await team.AskAsync();
        List<Task<Answer>> waits =
        [
            .. Enumerable
                .Range(0, MostWaits + 5)
                .Select(_ => team.As(team.Alice).GetAsync($"/api/requests/{id}?wait=60")),
        ];

        List<Answer> refused = [];
        while (refused.Count < 5)
        {
            var answer = await Task.WhenAny(waits);
            waits.Remove(answer);
            refused.Add((await answer).ExpectProblem(429, "too-many-waits"));
        }

        Assert.Each(refused, answer => Assert.NotNull(answer.Header("Retry-After")));
        // Without a wait, and for others, all is as ever.
        (await team.As(team.Alice).GetAsync($"/api/requests/{id}")).Expect(HttpStatusCode.OK);
        var other = team.As(team.Bob).GetAsync($"/api/requests/{id}?wait=60");
        await team.As(team.Bob).ApproveAsync(id);

        foreach (
            JsonObject changed in (await Task.WhenAll([.. waits, other])).Select(answer =>
                answer.Expect(HttpStatusCode.OK).Json
            )
        )
            Assert.NotEqual("pending", changed.At("status"));
    }
}
