using System.Net.Sockets;
using JasperFx;
using JitFunctions.Functions.Platform.SignIn;
using JitFunctions.Functions.Policies;
using Marten.Exceptions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace JitFunctions.Functions.Http;

/// <summary>Converts unexpected exceptions into problems without revealing internals.</summary>
public sealed class ErrorMiddleware(ILogger<ErrorMiddleware> log) : IFunctionsWorkerMiddleware
{
    private const string RetryAfterSeconds = "5";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        var http = context.GetHttpContext()!;
        try
        {
            await next(context);
        }
        catch (Exception e) when (!http.Response.HasStarted)
        {
            await Answer(e, http).ExecuteAsync(http);
        }
    }

    internal IResult Answer(Exception e, HttpContext http)
    {
        switch (e)
        {
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                return TypedResults.StatusCode(StatusCodes.Status499ClientClosedRequest);
            case BadHttpRequestException bad:
                return Problems.BadRequest("invalid-request", bad.Message);
            case ConcurrencyException or StreamLockedException:
                return Problems.Conflict();
            case IssuerUnavailableException:
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Unavailable(
                    "issuer-unavailable",
                    "The token issuer does not answer, so nobody can sign in. Try again soon."
                );
            case NoPoliciesException:
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Unavailable(
                    "no-policies",
                    "No policies that are valid here have been published, so no request can be evaluated. The log of "
                        + "the app says what is wrong with them; grants can still be ended."
                );
            case var _ when IsStoreUnavailable(e):
                log.LogWarning(e, "The event store does not answer");
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
                return Problems.Unavailable("store-unavailable", DescribeStoreFailure(http.Request.Method));
            default:
                log.LogError(e, "Unexpected failure in {Method} {Path}", http.Request.Method, http.Request.Path);
                return Problems.Internal();
        }
    }

    // If a connection breaks during the commit, it is not known whether the commit succeeded.
    private static string DescribeStoreFailure(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method)
            ? "The event store does not answer, so this cannot be read now. Try again soon."
            : "The event store does not answer, so it is not known whether the change was stored. Look at the "
                + "request again, "
                + "or repeat the call (a new request with the same Idempotency-Key).";

    // Marten wraps the exceptions of Npgsql.
    private static bool IsStoreUnavailable(Exception e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
        {
            if (
                cause
                    is SocketException
                        or PostgresException
                        {
                            SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.InvalidPassword
                        }
                || cause is NpgsqlException { IsTransient: true }
                || (cause is NpgsqlException and not PostgresException)
            )
            {
                return true;
            }
        }

        return false;
    }
}
