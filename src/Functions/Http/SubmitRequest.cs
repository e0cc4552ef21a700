using System.Security.Cryptography;
using System.Text.Json;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Notifications;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Functions.Policies;
using JitFunctions.Functions.Security;
using JitFunctions.Functions.Serialization;
using JitFunctions.Functions.Storage;
using JitFunctions.Projections;
using Marten;
using Marten.Exceptions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Http;

/// <summary><c>POST /api/requests</c>: somebody asks for rights.</summary>
public sealed class SubmitRequest(
    ApiStore store,
    IQuerySession session,
    WriteTurns turns,
    RequestJudge judge,
    HeldRights rights,
    Reviewers reviewers,
    CallerLine line,
    TimeProvider clock,
    ILogger<SubmitRequest> log
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

        // Before anything is asked of a cluster; what counts is looked at again while it is opened.
        var limits = await judge.LimitsAsync(cancellation);
        if (await session.WhyNotOneMore(limits, caller, draft.BreakGlass, cancellation) is { } tooMany)
            return Problems.From(tooMany);

        var judged = await judge.JudgeAsync(caller, draft, cancellation);
        if (judged.Refusal is { } why)
            return Problems.From(why);

        try
        {
            var events = await OpenAsync(caller, draft, judged, fingerprint, cancellation);
            if (
                await turns.OpenAsync(
                    store.Documents,
                    limits,
                    caller,
                    id,
                    events,
                    Channel.Api(caller.Principal),
                    cancellation
                ) is
                { } full
            )
                return Problems.From(full);
        }
        catch (ExistingStreamIdCollisionException) when (key is not null)
        {
            // The same call arrived twice at the same moment, and the other one was first.
            return await Repeated(http, id, fingerprint, cancellation) ?? Problems.Conflict();
        }

        await orchestrations.StartLifecycleAsync(id, log, cancellation);
        var details = await session.LoadAsync<RequestDetails>(id, cancellation);
        if (details!.Status is RequestStatus.Pending)
            reviewers.BeginToTell(id);
        return RequestAnswer.With(http, details, StatusCodes.Status201Created);
    }

    private async Task<IReadOnlyList<AccessRequestEvent>> OpenAsync(
        Caller caller,
        RequestDraft draft,
        JudgedRequest judged,
        string fingerprint,
        CancellationToken cancellation
    )
    {
        var (policy, asked) = (judged.Judgement.Covering!, judged.Facts.Rights!);
        var terms = policy.Complete(draft);
        var held = await rights.FindAsync(caller, terms, asked, cancellation);
        var now = clock.GetUtcNow();
        var dangers = DangerousRights.In(asked, terms.Scope.Role?.Name);
        var snapshot = policy.Snapshot(judged.Policies.Version, terms, dangers, now);
        return AccessRequestDecider.Open(caller, terms, snapshot, asked, dangers, fingerprint, now, held);
    }

    private async Task<IResult?> Repeated(
        HttpRequest http,
        string id,
        string fingerprint,
        CancellationToken cancellation
    )
    {
        if (await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation) is not { } earlier)
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
