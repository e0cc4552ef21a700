using System.Net;

namespace JitFunctions.EndToEnd.Tests.Access;

public sealed class AuthorizationTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task Nobody_reviews_their_own_request_not_even_as_an_approver()
    {
        var terms = _scene.Terms();
        var (alices, erins) = (await _scene.AskAsync(), (await _scene.As(_scene.Erin).AskAsync(terms)).Id());
        foreach (var verdict in new[] { "approve", "deny" })
        {
            (await _scene.As(_scene.Alice).ReviewAsync(alices, verdict)).ExpectProblem(403, "self-review");
            (await _scene.As(_scene.Erin).ReviewAsync(erins, verdict)).ExpectProblem(403, "self-review");
        }

        Assert.Equal("pending", (await _scene.As(_scene.Erin).ReadAsync(erins)).At("status"));
    }

    [Fact]
    public async Task Another_account_with_the_same_cluster_user_name_is_still_the_requester()
    {
        var id = await _scene.AskAsync();
        var token = _scene.Platform.Issuer.IssueToken(
            _scene.Bob,
            overrides: new Dictionary<string, object?>
            {
                ["preferred_username"] = _scene.Alice.UserName.ToUpperInvariant(),
            }
        );
        (await _scene.WithToken(token).ReviewAsync(id, "approve")).ExpectProblem(403, "self-review");
    }

    [Fact]
    public async Task Administrators_and_auditors_see_but_do_not_decide()
    {
        var id = await _scene.AskAsync();
        foreach (
            var (person, code) in new[]
            {
                (_scene.Administrator, "administrator-review"),
                (_scene.Auditor, "not-an-approver"),
            }
        )
        {
            await _scene.As(person).ReadAsync(id);
            (await _scene.As(person).ReviewAsync(id, "approve")).ExpectProblem(403, code);
        }
    }

    [Fact]
    public async Task Only_the_requester_withdraws_and_relinquishes()
    {
        var id = await _scene.AskAsync();
        foreach (var person in new[] { _scene.Bob, _scene.Administrator, _scene.Auditor })
        {
            (await _scene.As(person).PostAsync($"/api/requests/{id}/withdraw")).ExpectProblem(403, "not-the-requester");
            (await _scene.As(person).PostAsync($"/api/requests/{id}/relinquish")).ExpectProblem(
                403,
                "not-the-requester"
            );
        }
    }

    [Fact]
    public async Task Only_approvers_and_administrators_revoke()
    {
        var id = await _scene.AskAsync();
        foreach (var person in new[] { _scene.Alice, _scene.Auditor })
            (await _scene.As(person).PostAsync($"/api/requests/{id}/revoke")).ExpectProblem(403, "not-allowed");
        foreach (var person in new[] { _scene.Bob, _scene.Administrator })
            (await _scene.As(person).PostAsync($"/api/requests/{id}/revoke")).ExpectProblem(409, "wrong-state");
    }

    [Fact]
    public async Task Each_step_is_refused_in_the_wrong_state_with_the_state_that_it_is_in()
    {
        var id = await _scene.AskAsync();
        var early = (await _scene.As(_scene.Alice).PostAsync($"/api/requests/{id}/relinquish")).ExpectProblem(
            409,
            "wrong-state"
        );
        Assert.Equal("pending", early.Json.At("currentStatus"));

        await _scene.As(_scene.Bob).DenyAsync(id);
        var late = (await _scene.As(_scene.Alice).PostAsync($"/api/requests/{id}/withdraw")).ExpectProblem(
            409,
            "wrong-state"
        );
        Assert.Equal("denied", late.Json.At("currentStatus"));
    }

    [Fact]
    public async Task Of_a_hundred_reviewers_at_once_exactly_one_decides_and_the_others_are_told_how()
    {
        var id = await _scene.AskAsync();
        var scope = (await _scene.As(_scene.Bob).ReadAsync(id)).At("scope");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    _scene
                        .As(_scene.New($"lead{i}", "payments-leads"))
                        .PostAsync(
                            $"/api/requests/{id}/reviews",
                            new { verdict = i % 2 == 0 ? "approve" : "deny", scope }
                        )
                )
        );

        var winner = Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Each(
            answers.Where(answer => answer != winner),
            answer =>
            {
                answer.ExpectProblem(409, "wrong-state");
                Assert.True(answer.Json.At("currentStatus") is not (null or "pending"), answer.ToString());
            }
        );
        var types = (await _scene.As(_scene.Alice).EventsAsync(id)).Types();
        Assert.Single(types, type => type is "request_approved" or "request_denied");
        Assert.Single(types, "request_reviewed");
    }

    [Fact]
    public async Task The_same_approval_twenty_times_at_once_is_one_review()
    {
        var id = await _scene.AskAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => _scene.As(_scene.Bob).ReviewAsync(id, "approve"))
        );

        Assert.Each(answers, answer => answer.Expect(HttpStatusCode.OK));
        Assert.Single((await _scene.As(_scene.Alice).EventsAsync(id)).Types(), "request_reviewed");
    }
}
