using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;

namespace JitFunctions.Functions.Platform.Directory;

/// <summary>Microsoft Graph gave no usable answer.</summary>
/// <param name="why">One line for people.</param>
public sealed class UnclearAnswerException(string why, Exception? inner = null) : Exception(why, inner)
{
    /// <summary>The status of the answer; null when there was none.</summary>
    public HttpStatusCode? Status { get; init; }
}

/// <summary>
/// Calls Microsoft Graph in the app's own name, with a few retries when it is busy or unavailable. Errors:
/// https://learn.microsoft.com/graph/errors; Retry-After: https://learn.microsoft.com/graph/throttling.
/// </summary>
public sealed class GraphClient(GraphOptions options, TokenCredential credential, TimeProvider clock) : IDisposable
{
    public const int Attempts = 3;

    /// <summary>No retry begins later than this after the first try.</summary>
    public static readonly TimeSpan RetryTimeLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private const int LargestAnswer = 1024 * 1024; // 11,000 groups, the most that Graph gives, need half of it

    private readonly TokenRequestContext _scope = new([options.Scope]);
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(10) }
    )
    {
        BaseAddress = new Uri(options.Endpoint!, "/v1.0/"),
        Timeout = CallTimeout,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <param name="path">Below <c>/v1.0/</c>, escaped.</param>
    /// <returns>Null when the named resource does not exist.</returns>
    /// <exception cref="UnclearAnswerException">The answer cannot be used, also after the last try.</exception>
    public async Task<JsonElement?> AskAsync(
        HttpMethod method,
        string path,
        object? body,
        CancellationToken cancellation
    )
    {
        var begun = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            var (status, answer, retryAfter, failure) = await TryAsync(method, path, body, cancellation);
            if (status is HttpStatusCode.OK && answer is not null)
                return answer;
            if (status is HttpStatusCode.NotFound && CodeOf(answer) == "Request_ResourceNotFound")
                return null;

            var pause = retryAfter ?? (Pause * attempt);
            if (!IsTransient(status) || attempt == Attempts || clock.GetElapsedTime(begun) + pause > RetryTimeLimit)
                throw new UnclearAnswerException(Explain(status), failure) { Status = status };
            await Task.Delay(pause, clock, cancellation);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <returns>The answer has no status when none was received.</returns>
    private async Task<Answer> TryAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var call = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        call.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(cancellation));
        try
        {
            using var response = await _http.SendAsync(call, cancellation);
            return new(
                response.StatusCode,
                await ReadAsync(response, cancellation),
                RetryAfter(response.Headers.RetryAfter),
                null
            );
        }
        catch (Exception e)
            when (e is HttpRequestException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            return new(null, null, null, e);
        }
    }

    private async Task<string> TokenAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(CallTimeout);
        try
        {
            return (await credential.GetTokenAsync(_scope, limit.Token)).Token;
        }
        catch (Exception e)
            when (e is AuthenticationFailedException
                || (e is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            throw new UnclearAnswerException("the app's managed identity gets no token for Microsoft Graph.", e);
        }
    }

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? CodeOf(JsonElement? answer) =>
        answer is { ValueKind: JsonValueKind.Object } body
        && body.TryGetProperty("error", out var error)
        && error.ValueKind is JsonValueKind.Object
        && error.TryGetProperty("code", out var code)
        && code.ValueKind is JsonValueKind.String
            ? code.GetString()
            : null;

    private static bool IsTransient(HttpStatusCode? status) =>
        status is null or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date - clock.GetUtcNow() is { Ticks: > 0 } until ? until : null);

    private static string Explain(HttpStatusCode? status) =>
        status switch
        {
            null => "Microsoft Graph does not answer.",
            HttpStatusCode.OK => "Microsoft Graph's answer is not JSON.",
            HttpStatusCode.TooManyRequests => "Microsoft Graph throttles the calls.",
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                $"Microsoft Graph refuses the app's identity ({(int)status}).",
            _ => $"Microsoft Graph answers {(int)status}.",
        };

    private sealed record Answer(HttpStatusCode? Status, JsonElement? Body, TimeSpan? RetryAfter, Exception? Failure);
}
