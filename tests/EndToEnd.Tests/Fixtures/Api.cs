using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>The HTTP API as one caller sees it: an address and a token, and nothing else about the host.</summary>
internal sealed class Api(Uri address, string? token)
{
    // Sockets are shared; a node that was killed and came back must not be met on an old connection for long.
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(90),
    };

    private static readonly UriCreationOptions AsWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content = null,
        params (string Name, string Value)[] headers
    )
    {
        using var call = new HttpRequestMessage(
            method,
            new Uri($"{address.GetLeftPart(UriPartial.Authority)}{path}", AsWritten)
        )
        {
            Content = content,
        };
        if (token is not null)
            call.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        foreach (var (name, value) in headers)
            call.Headers.TryAddWithoutValidation(name, value);
        return await Answer.ReadAsync(await Client.SendAsync(call, Cancellation), Cancellation);
    }

    public Task<Answer> GetAsync(string path, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, object? body = null, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), headers);

    public Task<Answer> PostTextAsync(string path, string body, string type = "application/json") =>
        SendAsync(
            HttpMethod.Post,
            path,
            new StringContent(body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue(type))
        );

    public async Task<JsonObject> AskAsync(object body) =>
        (await PostAsync("/api/requests", body)).Expect(HttpStatusCode.Created).Json;

    public async Task<JsonObject> ReadAsync(string id) =>
        (await GetAsync($"/api/requests/{id}")).Expect(HttpStatusCode.OK).Json;

    /// <summary>A review of what the caller sees: of the extension that waits, or else of the request itself.</summary>
    public async Task<Answer> ReviewAsync(
        string id,
        string verdict,
        string? comment = null,
        object? narrow = null,
        params (string, string)[] headers
    )
    {
        var seen = await GetAsync($"/api/requests/{id}");
        var scope =
            seen.Status == HttpStatusCode.OK
                ? seen.Json.At("extension.scope") ?? seen.Json.At("scope")
                : "sha256:unseen";
        return await PostAsync(
            $"/api/requests/{id}/reviews",
            new
            {
                verdict,
                scope,
                comment,
                narrow,
            },
            headers
        );
    }

    /// <summary>One of "withdraw", "relinquish", "revoke" and "extend", which must succeed.</summary>
    public async Task<JsonObject> DoAsync(string id, string what, object? body = null) =>
        (await PostAsync($"/api/requests/{id}/{what}", body)).Expect(HttpStatusCode.OK).Json;

    public async Task<JsonObject> ApproveAsync(string id, object? narrow = null) =>
        (await ReviewAsync(id, "approve", narrow: narrow)).Expect(HttpStatusCode.OK).Json;

    public async Task<JsonObject> DenyAsync(string id, string? comment = null) =>
        (await ReviewAsync(id, "deny", comment)).Expect(HttpStatusCode.OK).Json;

    public async Task<IReadOnlyList<JsonObject>> EventsAsync(string id) =>
        (await GetAsync($"/api/requests/{id}/events")).Expect(HttpStatusCode.OK).Lines;

    /// <summary>Every event of every stream after a sequence, page by page.</summary>
    public async Task<IReadOnlyList<JsonObject>> AuditAsync(long after = 0, int limit = 10_000)
    {
        List<JsonObject> all = [];
        while (true)
        {
            var page = (await GetAsync($"/api/audit/events?after={after}&limit={limit}")).Expect(HttpStatusCode.OK);
            if (page.Lines is [])
                return all;
            all.AddRange(page.Lines);
            after = long.Parse(page.Header("Jit-Last-Sequence")!, System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    public Task<JsonObject> WaitForAsync(string id, string status) =>
        WaitForAsync(id, request => (string?)request["status"] == status, status);

    public Task<JsonObject> WaitForAsync(
        string id,
        Func<JsonObject, bool> holds,
        string what,
        TimeSpan? timeLimit = null
    ) => Eventually.Async(() => ReadAsync(id), holds, $"request {id}: {what}", timeLimit);
}
