using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.KubectlJit.Tests;

internal static class ProblemAnswers
{
    public static JsonObject Body(int status, string code, string title = "No", string detail = "Do something else.") =>
        new()
        {
            ["type"] = $"https://jitfunctions.dev/problems/{code}",
            ["title"] = title,
            ["status"] = status,
            ["detail"] = detail,
            ["code"] = code,
            ["traceId"] = "trace-1",
        };

    public static IResult ScopeChanged(string? scope)
    {
        var body = Body(409, "scope-changed", "The scope has changed", "Look at the request again, then decide.");
        body["scope"] = scope;
        return Results.Text(body.ToJsonString(), "application/problem+json", statusCode: 409);
    }

    public static IResult Of(int status, string code, string title) =>
        Results.Text(Body(status, code, title).ToJsonString(), "application/problem+json", statusCode: status);
}
