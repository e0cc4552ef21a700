using System.Security.Cryptography;
using System.Text.Json;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;
using Marten;
using Marten.Exceptions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace JitFunctions.Functions.Http.Requests;

/// <summary><c>POST /api/requests</c>: submits a request.</summary>
public sealed class SubmitRequest(
    IQuerySession session,
    RequestSubmission submission,
    MergedRequest merging,
    CallerLine line
)
{
    private const string IdempotencyKeyHeader = "Idempotency-Key";
    private const int LongestIdempotencyKey = 128;

    [Function(nameof(SubmitRequest))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests")] HttpRequest http,
        [DurableClient] DurableTaskClient orchestrations,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!TryReadIdempotencyKey(http, out var key))
            return Problems.BadRequest(
                "invalid-header",
                $"{IdempotencyKeyHeader} has 1 to {LongestIdempotencyKey} printable ASCII characters."
            );

        var (body, problem) = await ApiJson.ReadAsync<RequestBody>(http, cancellation);
        if (body is null)
            return problem!;

        var (draft, errors) = body.Parse();
        if (draft is null)
            return Problems.Invalid(errors);

        var caller = context.Caller();
        var fingerprint = Fingerprint(draft);
        var id = key is null
            ? RequestId.FromBytes(RandomNumberGenerator.GetBytes(12))
            : RequestId.FromIdempotencyKey(caller.Principal.Subject, key);
        if (key is not null && await Repeated(http, id, fingerprint, cancellation) is { } earlier)
            return earlier;

        using var turn = await line.TryWaitAsync(caller, draft.Scope.Cluster, draft.BreakGlass, cancellation);
        if (turn is null)
            return CallerLine.Refuse(http);

        try
        {
            var submitted = await submission.SubmitAsync(caller, draft, id, fingerprint, orchestrations, cancellation);
            return submitted switch
            {
                { Opened: { } opened } => RequestAnswer.With(http, opened, StatusCodes.Status201Created),
                { Merged: { } merged } => await merging.ExtendAsync(
                    http,
                    caller,
                    draft,
                    merged,
                    orchestrations,
                    cancellation
                ),
                _ => Problems.From(submitted.Why!),
            };
        }
        catch (ExistingStreamIdCollisionException) when (key is not null)
        {
            // The same call arrived twice at the same moment, and the other call was first.
            return await Repeated(http, id, fingerprint, cancellation) ?? Problems.Conflict();
        }
    }

    private async Task<IResult?> Repeated(
        HttpRequest http,
        string id,
        string fingerprint,
        CancellationToken cancellation
    )
    {
        if (await session.ReadRequestAsync(id, cancellation) is not { } earlier)
            return null;
        if (earlier.Fingerprint != fingerprint)
            return Problems.From(Rejection.IdempotencyKeyReused);
        return RequestAnswer.With(
            http,
            (await session.LoadAsync<RequestDetails>(id, cancellation))!,
            StatusCodes.Status201Created
        );
    }

    private static string Fingerprint(RequestDraft draft) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(draft, JsonForm.Options)));

    private static bool TryReadIdempotencyKey(HttpRequest http, out string? key)
    {
        key = null;
        if (!http.Headers.TryGetValue(IdempotencyKeyHeader, out var values))
            return true;
        if (
            values is not [{ Length: > 0 and <= LongestIdempotencyKey } text]
            || !text.All(c => c is > ' ' and < '\x7f')
        )
            return false;
        key = text;
        return true;
    }
}
