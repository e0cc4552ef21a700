using System.Net;
using System.Text.Json;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Api;

/// <summary>RFC 9457 problem details with the server's stable <c>code</c>.</summary>
internal sealed record Problem(
    string? Title = null,
    string? Detail = null,
    string? Code = null,
    string? CurrentStatus = null,
    string? Scope = null,
    IReadOnlyList<FieldError>? Errors = null,
    string? TraceId = null
)
{
    public const string ScopeChanged = "scope-changed";

    /// <summary>
    /// Whether a 503 with this code is a decision: the request was refused, and an immediate retry does not help.
    /// </summary>
    public static bool IsRefusal(string? code) => code is "indeterminate" or "break-glass-silent";

    /// <summary>
    /// Whether a retry of the same call may soon succeed. If the limit of open requests is reached (also 429), it does
    /// not: somebody must end a request first.
    /// </summary>
    public static bool IsPassing(HttpStatusCode status, string? code) =>
        status switch
        {
            HttpStatusCode.ServiceUnavailable => !IsRefusal(code),
            HttpStatusCode.TooManyRequests => code is "too-many-waits",
            _ => false,
        };

    public static async Task<Failure> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var status = answer.StatusCode;
        var problem = await ParseAsync(answer, cancel);
        if (problem is null)
        {
            var call = answer.RequestMessage;
            if (BrokenCall.TooLarge(status, call?.RequestUri, call?.Headers.Authorization?.Parameter) is { } tooLarge)
                return tooLarge;
            return new Failure(
                ExitCodeOf(status, code: null),
                $"{answer.RequestMessage?.RequestUri} answered {(int)status} {answer.ReasonPhrase}".TrimEnd(),
                $"http-{(int)status}",
                "that is not an answer of the JIT API; check the server's address"
            );
        }

        return new Failure(
            ExitCodeOf(status, problem.Code),
            (problem.Title ?? answer.ReasonPhrase ?? "refused").TrimEnd('.'),
            problem.Code ?? $"http-{(int)status}",
            problem.Detail
        )
        {
            Details = [.. problem.Particulars(status)],
        };
    }

    private IEnumerable<string> Particulars(HttpStatusCode status)
    {
        foreach (var error in Errors ?? [])
            yield return $"{error.Field}: {error.Message}";
        if (CurrentStatus is not null)
            yield return $"current status: {CurrentStatus}";
        if (Scope is not null)
            yield return $"its scope now: {Scope}";
        if (TraceId is not null && status >= HttpStatusCode.InternalServerError)
            yield return $"trace: {TraceId}";
    }

    public static async Task<Problem?> ParseAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
            return null;

        try
        {
            // The body stays in the response and can be read again.
            return JsonSerializer.Deserialize(
                await answer.Content.ReadAsByteArrayAsync(cancel),
                ApiJson.Default.Problem
            );
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ExitCode ExitCodeOf(HttpStatusCode status, string? code) =>
        status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnsupportedMediaType =>
                ExitCode.Usage,
            HttpStatusCode.Unauthorized => ExitCode.NotSignedIn,
            HttpStatusCode.TooManyRequests => code is "too-many-open" ? ExitCode.Refused : ExitCode.Unreachable,
            HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity => ExitCode.Refused,
            HttpStatusCode.NotFound => ExitCode.NotFound,
            HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed => ExitCode.WrongState,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout =>
                ExitCode.Unreachable,
            _ => ExitCode.Unexpected,
        };
}

internal sealed record FieldError(string Field, string Message);
