using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>
/// The server's requests: enough of the contract to be asked, listed, waited for, reviewed, extended and ended.
/// </summary>
internal sealed class RequestBook
{
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _requests = [];
    private readonly Dictionary<string, JsonObject> _byKey = [];
    private TaskCompletionSource _changed = new();

    /// <summary>What a new request looks like; pending unless a test says otherwise.</summary>
    public Action<JsonObject> OnAsk { get; set; } = _ => { };

    /// <summary>What becomes of an extension; it waits for its review unless a test says otherwise.</summary>
    public Action<JsonObject> OnExtend { get; set; } = request => Sample.AskLonger(request);

    public void Add(string id = Sample.Id, Action<JsonObject>? change = null)
    {
        var request = Sample.Pending(id);
        change?.Invoke(request);
        lock (_lock)
            _requests.Insert(0, request);
    }

    public void Change(Action<JsonObject> change, string id = Sample.Id)
    {
        lock (_lock)
        {
            var request = Find(id)!;
            change(request);
            request["version"] = Version(request) + 1;
            _changed.SetResult();
            _changed = new TaskCompletionSource();
        }
    }

    public Task AskAsync(HttpContext http, Call call)
    {
        var key = call.Headers["Idempotency-Key"].ToString();
        lock (_lock)
        {
            if (!_byKey.TryGetValue(key, out var request))
            {
                request = _byKey[key] = Asked(JsonNode.Parse(call.Body)!.AsObject());
                OnAsk(request);
                _requests.Insert(0, request);
            }
        }

        return AnswerAsync(http, Sample.Id, 201);
    }

    public Task ListAsync(HttpContext http)
    {
        var start = int.Parse(http.Request.Query["cursor"].FirstOrDefault() ?? "0");
        var end = start + int.Parse(http.Request.Query["limit"].FirstOrDefault() ?? "50");
        JsonObject page;
        lock (_lock)
        {
            var requests = _requests.FindAll(request =>
                Id(request).StartsWith(http.Request.Query["id"].ToString(), StringComparison.Ordinal)
            );
            page = new JsonObject
            {
                ["items"] = new JsonArray([
                    .. requests.Skip(start).Take(end - start).Select(request => request.DeepClone()),
                ]),
            };
            if (end < requests.Count)
                page["nextCursor"] = $"{end}";
        }

        return Results.Text(page.ToJsonString(), "application/json").ExecuteAsync(http);
    }

    public Task ListOwedAsync(HttpContext http)
    {
        JsonObject page;
        lock (_lock)
            page = new JsonObject
            {
                ["items"] = new JsonArray([.. _requests.Where(Owes).Select(request => request.DeepClone())]),
            };
        return Results.Text(page.ToJsonString(), "application/json").ExecuteAsync(http);

        static bool Owes(JsonObject request) =>
            request["breakGlass"] is { } breakGlass && breakGlass["settledAt"] is null;
    }

    public async Task GetAsync(HttpContext http, string id)
    {
        if (http.Request.Query.ContainsKey("wait"))
            await ChangedAsync(id, http.Request.Headers.IfNoneMatch.ToString(), http.RequestAborted);
        await AnswerAsync(http, id);
    }

    public Task ChangeAsync(HttpContext http, string id, string deed, Call call)
    {
        var body = JsonNode.Parse(call.Body)!;
        var expected = http.Request.Headers.IfMatch.ToString();
        lock (_lock)
        {
            if (Find(id) is not { } request)
                return NotFoundAsync(http);
            if (expected is not "" && expected != $"\"{Version(request)}\"")
                return ProblemAnswers.Of(412, "version-mismatch", "It has changed").ExecuteAsync(http);
            if (deed is "reviews" && body["scope"]?.GetValue<string>() != Present(request))
                return ProblemAnswers.ScopeChanged(Present(request)).ExecuteAsync(http);
        }

        Change(
            (deed, body["verdict"]?.GetValue<string>()) switch
            {
                ("reviews", "approve") => request => Approve(request, body),
                ("reviews", "deny") => Deny,
                ("extend", _) => OnExtend,
                ("withdraw", _) => request => Sample.End(request, "withdrawn", "withdrawn", "alice@example.com"),
                ("relinquish", _) => request => Sample.End(request, "ending", "relinquished", "alice@example.com"),
                ("revoke", _) => request => Sample.End(request, "ending", "revoked", "carol@example.com"),
                _ => throw new InvalidOperationException(deed),
            },
            id
        );
        return AnswerAsync(http, id);
    }

    private static JsonObject Asked(JsonObject body)
    {
        var request = Sample.Pending();
        if (body["rules"] is not null)
            request.Remove("role");
        foreach (var (name, value) in body)
        {
            if (name is "breakGlass")
                Sample.BreakGlass(request);
            else
                request[name] = value?.DeepClone();
        }

        return request;
    }

    /// <summary>The scope that a review has to name.</summary>
    private static string? Present(JsonObject request) =>
        (request["extension"] ?? request)["scope"]?.GetValue<string>();

    private static void Approve(JsonObject request, JsonNode body)
    {
        if (request.Remove("extension"))
            request["expiresAt"] = "2026-11-23T08:54:30Z";
        else if (request["breakGlass"] is { } breakGlass)
            Sample.Settle(breakGlass, justified: true);
        else if (body["narrow"] is { } narrow)
            Sample.Narrow(request, narrow.AsObject());
        else
            Sample.Approve(request);
    }

    private static void Deny(JsonObject request)
    {
        if (request.Remove("extension"))
            return;
        if (request["breakGlass"] is { } breakGlass)
            Sample.Settle(breakGlass, justified: false);
        else
            Sample.Deny(request);
    }

    private JsonObject? Find(string id) => _requests.Find(request => Id(request) == id);

    private static string Id(JsonObject request) => request["id"]!.GetValue<string>();

    private async Task ChangedAsync(string id, string etag, CancellationToken cancel)
    {
        Task changed;
        lock (_lock)
            changed = $"\"{Version(Find(id)!)}\"" == etag ? _changed.Task : Task.CompletedTask;
        await changed.WaitAsync(cancel);
    }

    private Task AnswerAsync(HttpContext http, string id, int status = 200)
    {
        string body;
        lock (_lock)
        {
            if (Find(id) is not { } request)
                return NotFoundAsync(http);
            http.Response.Headers.ETag = $"\"{Version(request)}\"";
            body = request.ToJsonString();
        }

        return Results.Text(body, "application/json", statusCode: status).ExecuteAsync(http);
    }

    private static Task NotFoundAsync(HttpContext http) =>
        ProblemAnswers.Of(404, "not-found", "There is no such request").ExecuteAsync(http);

    private static long Version(JsonObject request) => request["version"]!.GetValue<long>();
}
