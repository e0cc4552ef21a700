using System.Security.Cryptography;
using System.Text.Json;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Functions.Security;
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
    IDocumentSession session, PolicySet policies, ClusterConnections clusters, TimeProvider clock, ILogger<SubmitRequest> log)
{
    private const string IdempotencyKeyHeader = "Idempotency-Key";
    private const int LongestIdempotencyKey = 128;

    [Function(nameof(SubmitRequest))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests")] HttpRequest http,
        [DurableClient] DurableTaskClient orchestrations, FunctionContext context, CancellationToken cancellation)
    {
        if (!TryReadIdempotencyKey(http, out var key))
            return Problems.BadRequest("invalid-header", $"{IdempotencyKeyHeader} has 1 to {LongestIdempotencyKey} printable ASCII characters.");

        var (body, problem) = await ApiJson.ReadAsync<RequestBody>(http, cancellation);
        if (body is null)
            return problem!;

        var (terms, errors) = body.Parse();
        if (terms is null)
            return Problems.Invalid(errors);

        var caller = context.Caller();
        var fingerprint = Fingerprint(terms);
        var id = key is null ? RequestId.FromBytes(RandomNumberGenerator.GetBytes(12)) : RequestId.FromIdempotencyKey(caller.Principal.Subject, key);
        if (key is not null && await Repeated(http, id, fingerprint, cancellation) is { } earlier)
            return earlier;

        if (!clusters.Names.Contains(terms.Scope.Cluster))
            return Problems.From(Rejection.UnknownCluster(terms.Scope.Cluster, clusters.Names));

        var (policy, refused) = policies.Find(caller, terms);
        if (policy is null)
            return Problems.From(refused!);

        try
        {
            await session.Open(id, AccessRequestDecider.Open(caller, terms, policy, fingerprint, clock.GetUtcNow()), Channel.Api(caller.Principal), cancellation);
        }
        catch (ExistingStreamIdCollisionException) when (key is not null)
        {
            // The same call arrived twice at the same moment, and the other one was first.
            return await Repeated(http, id, fingerprint, cancellation) ?? Problems.Conflict();
        }

        await orchestrations.StartLifecycleAsync(id, log, cancellation);
        var details = await session.LoadAsync<RequestDetails>(id, cancellation);
        return RequestAnswer.With(http, details!, StatusCodes.Status201Created);
    }

    private async Task<IResult?> Repeated(HttpRequest http, string id, string fingerprint, CancellationToken cancellation)
    {
        if (await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation) is not { } earlier)
            return null;
        if (earlier.Fingerprint != fingerprint)
            return Problems.From(Rejection.IdempotencyKeyReused);
        return RequestAnswer.With(http, (await session.LoadAsync<RequestDetails>(id, cancellation))!, StatusCodes.Status201Created);
    }

    private static string Fingerprint(RequestTerms terms) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(terms, ApiJson.Options)));

    private static bool TryReadIdempotencyKey(HttpRequest http, out string? key)
    {
        key = null;
        if (!http.Headers.TryGetValue(IdempotencyKeyHeader, out var values))
            return true;
        if (values is not [{ Length: > 0 and <= LongestIdempotencyKey } text] || !text.All(c => c is > ' ' and < '\x7f'))
            return false;
        key = text;
        return true;
    }
}
