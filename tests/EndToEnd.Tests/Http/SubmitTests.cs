using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Http;

public sealed class SubmitTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task A_new_request_is_answered_with_its_address_its_version_and_all_that_is_known_of_it()
    {
        var alice = _scene.As(_scene.Alice);
        var created = (await alice.PostAsync("/api/requests", _scene.Terms("1h").With("ticket", "INC-4711"))).Expect(
            HttpStatusCode.Created
        );

        var request = created.Json;
        Assert.Equal($"/api/requests/{request.Id()}", created.Header("Location"));
        Assert.Equal("\"1\"", created.Header("ETag"));
        Assert.Equal("application/json", created.MediaType);
        Assert.Equal(
            ("pending", "1", "1h", "INC-4711", "false"),
            (
                request.At("status"),
                request.At("version"),
                request.At("duration"),
                request.At("ticket"),
                request.At("clusterWide")
            )
        );
        Assert.Equal(
            (_scene.Alice.UserName, "reviewed", "1"),
            (request.At("requester.username"), request.At("policy.name"), request.At("policy.requiredApprovals"))
        );
        Assert.StartsWith("sha256:", request.At("policy.version"), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromHours(4), request.TimeAt("decideBy") - request.TimeAt("requestedAt"));
        Assert.DoesNotContain(
            request,
            field => field.Value is null || field.Key is "activatedAt" or "ending" or "trouble" or "denialProof"
        );

        var read = (await alice.GetAsync(created.Header("Location")!)).Expect(HttpStatusCode.OK);
        Assert.Equal(created.Text, read.Text);
        Assert.Equal("\"1\"", read.Header("ETag"));
    }

    [Fact]
    public async Task The_same_idempotency_key_gives_the_same_request_and_another_caller_his_own()
    {
        var key = ("Idempotency-Key", "key-1");
        var first = (await _scene.As(_scene.Alice).PostAsync("/api/requests", _scene.Terms(), key)).Expect(
            HttpStatusCode.Created
        );
        var again = (await _scene.As(_scene.Alice).PostAsync("/api/requests", _scene.Terms(), key)).Expect(
            HttpStatusCode.Created
        );
        var others = (await _scene.As(_scene.Erin).PostAsync("/api/requests", _scene.Terms(), key)).Expect(
            HttpStatusCode.Created
        );

        Assert.Equal(first.Text, again.Text);
        Assert.NotEqual(first.Json.Id(), others.Json.Id());
    }

    [Fact]
    public async Task An_idempotency_key_that_belongs_to_another_body_is_refused()
    {
        var key = ("Idempotency-Key", "key-1");
        await _scene.As(_scene.Alice).PostAsync("/api/requests", _scene.Terms("10m"), key);
        (await _scene.As(_scene.Alice).PostAsync("/api/requests", _scene.Terms("11m"), key)).ExpectProblem(
            422,
            "idempotency-key-reused"
        );
    }

    [Fact]
    public async Task Twenty_posts_at_once_with_one_key_make_one_request()
    {
        var alice = _scene.As(_scene.Alice);
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(_ => alice.PostAsync("/api/requests", _scene.Terms(), ("Idempotency-Key", "all-at-once")))
        );

        Assert.Each(answers, answer => answer.Expect(HttpStatusCode.Created));
        var id = Assert.Single(answers.Select(answer => answer.Json.Id()).Distinct());
        Assert.Equal(id, Assert.Single((await alice.GetAsync("/api/requests?mine=true")).Items).Id());
        Assert.Equal(["access_requested"], (await alice.EventsAsync(id)).Types());
    }

    [Fact]
    public async Task A_body_of_just_16_KiB_is_read()
    {
        var terms = _scene.Terms();
        var body = terms.ToJsonString();
        var padded = body.Insert(1, new string(' ', (16 * 1024) - body.Length));
        (await _scene.As(_scene.Alice).PostTextAsync("/api/requests", padded)).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Text_of_any_script_comes_back_as_it_went_in()
    {
        const string Reason = "Störung: 消費者が停止 🛑\nsecond line \"quoted\" <b>&amp;";
        var request = await _scene.As(_scene.Alice).AskAsync(_scene.Terms().With("reason", JsonValue.Create(Reason)));
        Assert.Equal(Reason, request.At("reason"));
    }
}
