using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ProblemTests : ServerTests
{
    [Theory]
    [InlineData(400, "malformed-json", ExitCode.Usage)]
    [InlineData(400, "invalid-query", ExitCode.Usage)]
    [InlineData(401, "unauthenticated", ExitCode.NotSignedIn)]
    [InlineData(403, "self-review", ExitCode.Refused)]
    [InlineData(403, "not-covered", ExitCode.Refused)]
    [InlineData(403, "denied-by-policy", ExitCode.Refused)]
    [InlineData(403, "extension-too-long", ExitCode.Refused)]
    [InlineData(403, "review-overdue", ExitCode.Refused)]
    [InlineData(404, "not-found", ExitCode.NotFound)]
    [InlineData(409, "wrong-state", ExitCode.WrongState)]
    [InlineData(409, "scope-changed", ExitCode.WrongState)]
    [InlineData(412, "version-mismatch", ExitCode.WrongState)]
    [InlineData(413, "too-large", ExitCode.Usage)]
    [InlineData(415, "unsupported-media-type", ExitCode.Usage)]
    [InlineData(422, "unknown-cluster", ExitCode.Refused)]
    [InlineData(422, "widens", ExitCode.Refused)]
    [InlineData(429, "too-many-open", ExitCode.Refused)]
    [InlineData(500, "internal", ExitCode.Unexpected)]
    internal async Task Each_problem_is_one_clear_line_and_an_exit_code(int status, string code, ExitCode exitCode)
    {
        Server.AnswerNext(status, ProblemAnswers.Body(status, code, "This cannot be done.", "Ask someone else."));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("revoke", Sample.Id);

        Assert.Equal(exitCode, run.Code);
        Assert.Equal($"error: This cannot be done ({code}): Ask someone else.", run.ErrorLines[0]);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Wrong_fields_stand_beneath()
    {
        var problem = ProblemAnswers.Body(400, "invalid-request", "The request is not valid", "Correct these fields.");
        problem["errors"] = JsonNode.Parse(
            """[{ "field": "duration", "message": "at most 1h" }, { "field": "role", "message": "no such\nrole" }]"""
        );
        Server.AnswerNext(400, problem);
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list");

        Assert.Equal(
            [
                "error: The request is not valid (invalid-request): Correct these fields.",
                "  duration: at most 1h",
                "  role: no such role",
            ],
            run.ErrorLines
        );
    }

    [Fact]
    public async Task A_conflict_says_which_state_the_request_is_in()
    {
        var problem = ProblemAnswers.Body(409, "wrong-state");
        problem["currentStatus"] = "ended";
        Server.AnswerNext(409, problem);
        using var plugin = new Plugin(Server);

        Assert.Contains("  current status: ended", (await plugin.RunAsync("withdraw", Sample.Id)).ErrorLines);
    }

    [Fact]
    public async Task An_internal_error_names_the_trace_to_search_for()
    {
        Server.AnswerNext(500, ProblemAnswers.Body(500, "internal"));
        using var plugin = new Plugin(Server);

        Assert.Contains("  trace: trace-1", (await plugin.RunAsync("list")).ErrorLines);
    }

    [Fact]
    public async Task An_error_page_of_something_in_between_is_no_stack_trace()
    {
        Server.AnswerNext(http => Results.Text("<html>", "text/html", statusCode: 502).ExecuteAsync(http));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains("answered 502 Bad Gateway (http-502)", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task A_success_that_is_no_answer_of_the_api_is_no_stack_trace(string body)
    {
        Server.AnswerNext(http => Results.Text(body, "text/html").ExecuteAsync(http));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("show", Sample.Id);

        Assert.Equal(ExitCode.Unexpected, run.Code);
        Assert.Contains("(bad-answer)", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        Server.AnswerNext(http => Results.Redirect("http://127.0.0.1:1/").ExecuteAsync(http));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("list");

        Assert.Equal(ExitCode.Unexpected, run.Code);
        Assert.Contains("(http-302)", run.Error, StringComparison.Ordinal);
    }
}
