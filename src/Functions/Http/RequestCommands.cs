using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Functions.Grants;
using JitFunctions.Functions.Notifications;
using JitFunctions.Functions.Orchestrations;
using JitFunctions.Functions.Security;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Http;

/// <summary>What people do to a request that exists: review, extend, withdraw, relinquish, revoke.</summary>
public sealed class RequestCommands(
    ApiStore store, CallerCommands commands, ActivationReview eligibility, Reviewers reviewers, TimeProvider clock,
    ILogger<RequestCommands> log)
{
    [Function(nameof(ReviewRequest))]
    public async Task<IResult> ReviewRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/reviews")] HttpRequest http, string id,
        [DurableClient] DurableTaskClient orchestrations, FunctionContext context, CancellationToken cancellation)
    {
        var caller = context.Caller();
        var ineligible = await WhyNotExtendedAsync(id, caller, cancellation);
        return await HandleAsync<ReviewBody>(http, id, orchestrations, caller,
            (body, by, now) => new AccessRequestCommand.Review(by, body.ParsedVerdict!.Value, body.Scope!, body.Comment, now, body.Narrow?.Parse(), ineligible), cancellation);
    }

    [Function(nameof(ExtendGrant))]
    public async Task<IResult> ExtendGrant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/extend")] HttpRequest http, string id,
        [DurableClient] DurableTaskClient orchestrations, FunctionContext context, CancellationToken cancellation)
    {
        var caller = context.Caller();
        var excess = await WhyNotEligibleAsync(id, caller, cancellation);
        return excess is { IsUnresolved: true }
            ? Problems.From(Rejection.Indeterminate(excess.Message))
            : await HandleAsync<ExtendBody>(http, id, orchestrations, caller,
                (body, by, now) => new AccessRequestCommand.Extend(by, body.ParsedDuration, body.Reason!, excess?.Message, now), cancellation);
    }

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

        if (await LoadAsync(id, cancellation) is not { } seen || !caller.MaySee(seen))
            return Problems.From(Rejection.NotFound(id));

        var outcome = await commands.HandleAsync(id, command(body, caller, clock.GetUtcNow()), caller, expected, cancellation);
        if (outcome.Decision is Decision.Rejected { Why: var why })
            return Problems.From(why);

        await orchestrations.NudgeLifecycleAsync(id, log, cancellation);
        var details = (await LoadAsync(id, cancellation))!;
        if (details.Status is RequestStatus.Pending || details.Extension is not null)
            reviewers.BeginToTell(id);
        return RequestAnswer.With(http, details);
    }

    private async Task<Excess?> WhyNotEligibleAsync(string id, Caller caller, CancellationToken cancellation)
    {
        await using var session = store.Documents.QuerySession();
        if (await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation) is not { Status: RequestStatus.Active } request || !request.IsRequestedBy(caller))
            return null;
        // The token may name a group that was left since it was issued, or lack one that the directory has: both must agree.
        return await eligibility.WhyNotEligibleAsync(request, caller, cancellation) ?? await eligibility.WhyNotEligibleAsync(request, cancellation);
    }

    // The extension may have waited for its review, and the requester left meanwhile. Strangers make no calls to directory and cluster.
    private async Task<Rejection?> WhyNotExtendedAsync(string id, Caller caller, CancellationToken cancellation)
    {
        if (await LoadAsync(id, cancellation) is not { Status: RequestStatus.Active, Extension: not null } seen || !caller.MaySee(seen))
            return null;
        await using var session = store.Documents.QuerySession();
        var request = await session.Events.AggregateStreamAsync<AccessRequest>(id, token: cancellation);
        return await eligibility.WhyNotEligibleAsync(request!, cancellation) switch
        {
            null => null,
            { IsUnresolved: true } excess => Rejection.Indeterminate(excess.Message),
            var excess => Rejection.NotCovered(excess.Message),
        };
    }

    private async Task<RequestDetails?> LoadAsync(string id, CancellationToken cancellation)
    {
        await using var session = store.Documents.QuerySession();
        return await session.LoadAsync<RequestDetails>(id, cancellation);
    }
}
