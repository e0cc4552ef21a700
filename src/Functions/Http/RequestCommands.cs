using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Functions.Security;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Http;

/// <summary>What people do to a request that exists: review, withdraw, relinquish, revoke.</summary>
public sealed class RequestCommands(IDocumentSession session, TimeProvider clock, ILogger<RequestCommands> log)
{
    [Function(nameof(ReviewRequest))]
    public Task<IResult> ReviewRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/reviews")] HttpRequest http, string id,
        [DurableClient] DurableTaskClient orchestrations, FunctionContext context, CancellationToken cancellation) =>
        HandleAsync<ReviewBody>(http, id, orchestrations, context.Caller(),
            (body, by, now) => new AccessRequestCommand.Review(by, body.ParsedVerdict!.Value, body.Comment, now), cancellation);

    [Function(nameof(WithdrawRequest))]
    public Task<IResult> WithdrawRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/withdraw")] HttpRequest http, string id,
        [DurableClient] DurableTaskClient orchestrations, FunctionContext context, CancellationToken cancellation) =>
        HandleAsync<CommentBody>(http, id, orchestrations, context.Caller(),
            (body, by, now) => new AccessRequestCommand.Withdraw(by, body.Comment, now), cancellation);

    [Function(nameof(RelinquishGrant))]
    public Task<IResult> RelinquishGrant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/relinquish")] HttpRequest http, string id,
        [DurableClient] DurableTaskClient orchestrations, FunctionContext context, CancellationToken cancellation) =>
        HandleAsync<CommentBody>(http, id, orchestrations, context.Caller(),
            (body, by, now) => new AccessRequestCommand.Relinquish(by, body.Comment, now), cancellation);

    [Function(nameof(RevokeGrant))]
    public Task<IResult> RevokeGrant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/revoke")] HttpRequest http, string id,
        [DurableClient] DurableTaskClient orchestrations, FunctionContext context, CancellationToken cancellation) =>
        HandleAsync<CommentBody>(http, id, orchestrations, context.Caller(),
            (body, by, now) => new AccessRequestCommand.Revoke(by, body.Comment, now), cancellation);

    private async Task<IResult> HandleAsync<TBody>(
        HttpRequest http, string id, DurableTaskClient orchestrations, Caller caller,
        Func<TBody, Caller, DateTimeOffset, AccessRequestCommand> command, CancellationToken cancellation) where TBody : CommentBody, new()
    {
        var (body, problem) = await ApiJson.ReadAsync<TBody>(http, cancellation, optional: true);
        if (body is null)
            return problem!;
        if (body.Errors().ToList() is [_, ..] errors)
            return Problems.Invalid(errors);
        if (!RequestAnswer.TryReadVersion(http.Headers, "If-Match", out var expected))
            return Problems.BadRequest("invalid-header", "If-Match holds one version in quotes, such as \"4\", without W/.");

        if (await session.LoadAsync<RequestDetails>(id, cancellation) is not { } seen || !caller.MaySee(seen))
            return Problems.From(Rejection.NotFound(id));

        var outcome = await session.Handle(id, command(body, caller, clock.GetUtcNow()), Channel.Api(caller.Principal), cancellation, expected);
        if (outcome.Decision is Decision.Rejected { Why: var why })
            return Problems.From(why);

        await orchestrations.NudgeLifecycleAsync(id, log, cancellation);
        await using var fresh = session.DocumentStore.QuerySession();
        return RequestAnswer.With(http, (await fresh.LoadAsync<RequestDetails>(id, cancellation))!);
    }
}
