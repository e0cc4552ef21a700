using System.Net;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>What came back over HTTP, read to the end.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? MediaType => Header("Content-Type")?.Split(';')[0];

    /// <summary>The stable code of a problem.</summary>
    public string? Code => MediaType == "application/problem+json" ? (string?)Json["code"] : null;

    public IReadOnlyList<JsonObject> Items => [.. Json["items"]!.AsArray().Select(item => item!.AsObject())];

    public IReadOnlyList<JsonObject> Lines =>
        [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public Answer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"{(int)status} was expected, but the answer is {this}");
        return this;
    }

    /// <summary>Expects problem details that agree with the status and say something.</summary>
    public Answer ExpectProblem(int status, string code)
    {
        Assert.True((int)Status == status && Code == code, $"{status} {code} was expected, but the answer is {this}");
        Assert.Equal(status, (int?)Json["status"]);
        Assert.Equal($"https://jitfunctions.dev/problems/{code}", (string?)Json["type"]);
        Assert.False(string.IsNullOrWhiteSpace((string?)Json["title"]));
        Assert.False(string.IsNullOrWhiteSpace((string?)Json["detail"]));
        return this;
    }

    public override string ToString() => $"{(int)Status} {MediaType}: {Text}";

    public static async Task<Answer> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using (response)
        {
            var headers = response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(
                    header => header.Key,
                    header => string.Join(", ", header.Value),
                    StringComparer.OrdinalIgnoreCase
                );
            return new(response.StatusCode, await response.Content.ReadAsStringAsync(cancellation), headers);
        }
    }
}
