using System.Diagnostics;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.Functions.Http;

/// <summary>RFC 9457 problem details; docs/api.md lists the codes.</summary>
internal static class Problems
{
    public static IResult From(Rejection why) =>
        From(
            why.Code switch
            {
                "self-review"
                or "administrator-review"
                or "not-an-approver"
                or "not-the-requester"
                or "not-allowed"
                or "not-covered"
                or "denied-by-policy"
                or "no-extension"
                or "extension-too-long"
                or "review-overdue" => StatusCodes.Status403Forbidden,
                "not-found" => StatusCodes.Status404NotFound,
                "version-mismatch" => StatusCodes.Status412PreconditionFailed,
                "unknown-cluster"
                or "unknown-role"
                or "unknown-namespace"
                or "namespace-terminating"
                or "no-ephemeral-grants"
                or "widens"
                or "idempotency-key-reused" => StatusCodes.Status422UnprocessableEntity,
                Rejection.TooManyOpenCode or Rejection.TooManyWaitsCode => StatusCodes.Status429TooManyRequests,
                Rejection.IndeterminateCode or Rejection.ClusterUnavailableCode or "break-glass-silent" =>
                    StatusCodes.Status503ServiceUnavailable,
                _ => StatusCodes.Status409Conflict,
            },
            why.Code,
            why.Detail,
            why.CurrentStatus is { } status ? ("currentStatus", JsonForm.Name(status))
                : why.Scope is { } scope ? ("scope", scope)
                : why.Grant is { } grant ? ("grant", grant)
                : null
        );

    public static IResult Invalid(IReadOnlyList<FieldError> errors) =>
        From(
            StatusCodes.Status400BadRequest,
            "invalid-request",
            "Correct the fields listed in 'errors'.",
            ("errors", errors)
        );

    public static IResult BadRequest(string code, string detail) => From(StatusCodes.Status400BadRequest, code, detail);

    public static IResult Unauthenticated(string detail) =>
        From(StatusCodes.Status401Unauthorized, "unauthenticated", detail);

    public static IResult NotAllowed(string detail) => From(StatusCodes.Status403Forbidden, "not-allowed", detail);

    public static IResult GroupsOverage() =>
        From(
            StatusCodes.Status403Forbidden,
            "groups-overage",
            "Your token does not list your groups, probably because you are in too many, so your rights "
                + "cannot be determined. Ask the platform "
                + "team to set Directory:Graph:Endpoint, or to have the issuer list only the groups that are "
                + "assigned to this app. "
                + "You can still withdraw and relinquish; `kubectl jit whoami` shows who you are."
        );

    public static IResult GroupsUnknown(string detail) =>
        Unavailable(
            Rejection.IndeterminateCode,
            $"Your token does not list your groups, so the directory is asked. {detail} Try again soon."
        );

    public static IResult NotFound(string detail) => From(StatusCodes.Status404NotFound, "not-found", detail);

    public static IResult NoSuchRoute() =>
        From(
            StatusCodes.Status404NotFound,
            "no-such-route",
            "No route has this address and method; docs/api.md lists the routes."
        );

    public static IResult LogNotSigned() =>
        From(
            StatusCodes.Status404NotFound,
            "log-not-signed",
            "The log has no signed checkpoint. Try again in a minute; if that does not help, the platform team has not "
                + "set Log:KeyFile or Log:KeyVaultKey."
        );

    public static IResult LogBehind() =>
        Unavailable(
            "log-behind",
            "The signed log does not have all events of the period yet, so that evidence would not be complete. Try "
                + "again in a minute; if that does not help, the health component 'log' tells the platform team why."
        );

    public static IResult NoSuchCheckpoint(long newest) =>
        From(
            StatusCodes.Status404NotFound,
            "no-such-checkpoint",
            "'atSize' must be the size of a checkpoint that was signed, as answers name it. Leave it out for the "
                + $"newest, {newest}."
        );

    public static IResult LogInconsistent() =>
        Unavailable(
            "log-inconsistent",
            "The tables of the log contradict each other: somebody has changed them. Tell the platform team, and keep "
                + "your last checkpoint."
        );

    public static IResult ReadingNotRecorded() =>
        Unavailable(
            "reading-not-recorded",
            "Whoever reads records of others is recorded. That could not be stored now, so nothing is answered. Try "
                + "again soon."
        );

    public static IResult TooLarge(int most) =>
        From(StatusCodes.Status413PayloadTooLarge, "too-large", $"The body may have at most {most} bytes.");

    public static IResult UnsupportedMediaType() =>
        From(
            StatusCodes.Status415UnsupportedMediaType,
            "unsupported-media-type",
            "Send 'Content-Type: application/json'."
        );

    public static IResult Conflict() =>
        From(
            StatusCodes.Status409Conflict,
            "conflict",
            "Somebody else changed the request at the same time. Read it again, then decide."
        );

    public static IResult TooManyWaits(string detail) =>
        From(StatusCodes.Status429TooManyRequests, Rejection.TooManyWaitsCode, detail);

    public static IResult Overloaded() =>
        From(
            StatusCodes.Status429TooManyRequests,
            "overloaded",
            "Too many deliveries are in work, or the event store is slow or does not answer. Send it again."
        );

    public static IResult Unavailable(string code, string detail) =>
        From(StatusCodes.Status503ServiceUnavailable, code, detail);

    public static IResult NotReady(IReadOnlyDictionary<string, string> components) =>
        From(
            StatusCodes.Status503ServiceUnavailable,
            "not-ready",
            "This node cannot serve now.",
            ("components", components)
        );

    public static IResult Internal() =>
        From(
            StatusCodes.Status500InternalServerError,
            "internal",
            "Something went wrong on our side. Quote the traceId to the platform team."
        );

    private static IResult From(int status, string code, string detail, (string Name, object Value)? extension = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (extension is { } more)
            extensions[more.Name] = more.Value;
        if (Activity.Current?.TraceId.ToString() is { } trace)
            extensions["traceId"] = trace;
        return TypedResults.Problem(
            detail,
            instance: null,
            status,
            title: code.Replace('-', ' '),
            type: $"https://jitfunctions.dev/problems/{code}",
            extensions
        );
    }
}
