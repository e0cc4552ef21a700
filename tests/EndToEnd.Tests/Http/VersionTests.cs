using System.Net;

namespace JitFunctions.EndToEnd.Tests.Http;

/// <summary>ETags, and waiting for the next one.</summary>
public sealed class VersionTests(PlatformFixture fixture)
{
    private readonly Team _scene = Team.WithoutNamespace(fixture.Platform);

    [Fact]
    public async Task The_version_that_one_has_is_answered_with_304_and_no_body()
    {
        var id = await _scene.AskAsync();
        var same = (await _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}", ("If-None-Match", "\"1\""))).Expect(
            HttpStatusCode.NotModified
        );

        Assert.Equal(("", "\"1\""), (same.Text, same.Header("ETag")));
        (await _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}", ("If-None-Match", "\"7\""))).Expect(
            HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task A_wait_ends_with_the_change()
    {
        var id = await _scene.AskAsync();
        var knowing = _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}?wait=60", ("If-None-Match", "\"1\""));
        var looking = _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}?wait=60");
        await Task.Delay(TimeSpan.FromSeconds(4), TestContext.Current.CancellationToken);
        Assert.False(knowing.IsCompleted || looking.IsCompleted);

        await _scene.As(_scene.Bob).DenyAsync(id);

        foreach (var waiting in new[] { knowing, looking })
        {
            // Long before the wait would have ended by itself.
            var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            Assert.Equal("denied", answer.Expect(HttpStatusCode.OK).Json.At("status"));
            Assert.Equal($"\"{answer.Json.At("version")}\"", answer.Header("ETag"));
        }
    }

    [Fact]
    public async Task A_wait_for_a_version_that_is_over_ends_at_once()
    {
        var id = await _scene.AskAsync();
        await _scene.As(_scene.Alice).DoAsync(id, "withdraw");
        var answer = _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}?wait=60", ("If-None-Match", "\"1\""));
        Assert.Equal(
            "withdrawn",
            (await answer.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Json.At("status")
        );
    }

    [Fact]
    public async Task A_wait_without_a_change_ends_with_304_or_for_who_named_no_version_with_the_request()
    {
        var id = await _scene.AskAsync();
        (await _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}?wait=1", ("If-None-Match", "\"1\""))).Expect(
            HttpStatusCode.NotModified
        );
        Assert.Equal(
            "pending",
            (await _scene.As(_scene.Alice).GetAsync($"/api/requests/{id}?wait=1"))
                .Expect(HttpStatusCode.OK)
                .Json.At("status")
        );
    }

    [Theory]
    [InlineData("reviews")]
    [InlineData("withdraw")]
    [InlineData("relinquish")]
    [InlineData("revoke")]
    public async Task A_command_on_another_version_changes_nothing(string command)
    {
        var id = await _scene.AskAsync();
        var caller = command is "reviews" or "revoke" ? _scene.Bob : _scene.Alice;
        object? body = command == "reviews" ? new { verdict = "approve", scope = "sha256:00" } : null;

        (await _scene.As(caller).PostAsync($"/api/requests/{id}/{command}", body, ("If-Match", "\"2\""))).ExpectProblem(
            412,
            "version-mismatch"
        );
        Assert.Equal("1", (await _scene.As(_scene.Alice).ReadAsync(id)).At("version"));
    }

    [Fact]
    public async Task A_command_on_the_version_that_one_has_seen_is_done()
    {
        var id = await _scene.AskAsync();
        var done = (await _scene.As(_scene.Bob).ReviewAsync(id, "deny", headers: ("If-Match", "\"1\""))).Expect(
            HttpStatusCode.OK
        );
        Assert.Equal(("denied", $"\"{done.Json.At("version")}\""), (done.Json.At("status"), done.Header("ETag")));
    }
}
