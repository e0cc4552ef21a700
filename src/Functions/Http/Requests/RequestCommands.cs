using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Notices;
using JitFunctions.Functions.Policies;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>Commands of people on an existing request: review, extend, withdraw, relinquish, revoke.</summary>
public sealed class RequestCommands(
    ApiStore store,
    CallerCommands commands,
    ExtensionEligibility eligibility,
    PublishedPolicies policies,
    [FromKeyedServices(ApiStore.Key)] ReviewerLookup directory,
    Reviewers reviewers,
    CallerLine line,
    TimeProvider clock,
    ILogger<RequestCommands> log
)
{
    private const int MostTries = 5;

    [Function(nameof(ReviewRequest))]
    public Task<IResult> ReviewRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/reviews")] HttpRequest http,
        string id,
        [DurableClient] DurableTaskClient orchestrations,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        var caller = context.Caller();
        return HandleAsync<ReviewBody>(
            http,
            id,
            orchestrations,
            caller,
            async body =>
            {
                var (ineligible, reviewers) = await LookUpAsync(id, caller, cancellation);
                return new AccessRequestCommand.Review(
                    caller,
                    body.ParsedVerdict!.Value,
                    body.Scope!,
                    body.Comment,
                    clock.GetUtcNow(),
                    body.Narrow?.Parse(),
                    ineligible
                )
                {
                    Reviewers = reviewers,
                };
            },
            cancellation
        );
    }

    [Function(nameof(ExtendGrant))]
    public Task<IResult> ExtendGrant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/extend")] HttpRequest http,
        string id,
        [DurableClient] DurableTaskClient orchestrations,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        var caller = context.Caller();
        PolicyMismatch? mismatch = null;
        return HandleAsync<ExtendBody>(
            http,
            id,
            orchestrations,
            caller,
            body => Now(now => Extend(body, now)),
            cancellation,
            WhyNotAsync
        );

        async Task<Rejection?> WhyNotAsync(ExtendBody body, long? expected)
        {
            using var turn = await line.TryWaitAsync(caller, id, breakGlass: false, cancellation);
            if (turn is null)
                return CallerLine.Refusal;
            // A rejection that does not depend on the cluster must not wait for it.
            if (
                await commands.ForeseeAsync(id, Extend(body, clock.GetUtcNow()), expected, cancellation)
                is Decision.Rejected { Why: var why }
            )
                return why;
            mismatch = await WhyNotEligibleAsync(id, caller, cancellation);
            return mismatch is { IsUnresolved: true } ? Rejection.Indeterminate(mismatch.Message) : null;
        }

        AccessRequestCommand Extend(ExtendBody body, DateTimeOffset now) =>
            new AccessRequestCommand.Extend(caller, body.ParsedDuration, body.Reason!, mismatch?.Message, now);
    }

    [WorksWithoutPolicies]
    [WorksWithoutGroups]
    [Function(nameof(WithdrawRequest))]
    public Task<IResult> WithdrawRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/withdraw")] HttpRequest http,
        string id,
        [DurableClient] DurableTaskClient orchestrations,
        FunctionContext context,
        CancellationToken cancellation
    ) =>
        HandleAsync<CommentBody>(
            http,
            id,
            orchestrations,
            context.Caller(),
            body => Now(now => new AccessRequestCommand.Withdraw(context.Caller(), body.Comment, now)),
            cancellation
        );

    [WorksWithoutPolicies]
    [WorksWithoutGroups]
    [Function(nameof(RelinquishGrant))]
    public Task<IResult> RelinquishGrant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/relinquish")] HttpRequest http,
        string id,
        [DurableClient] DurableTaskClient orchestrations,
        FunctionContext context,
        CancellationToken cancellation
    ) =>
        HandleAsync<CommentBody>(
            http,
            id,
            orchestrations,
            context.Caller(),
            body => Now(now => new AccessRequestCommand.Relinquish(context.Caller(), body.Comment, now)),
            cancellation
        );

    [WorksWithoutPolicies]
    [Function(nameof(RevokeGrant))]
    public Task<IResult> RevokeGrant(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "requests/{id}/revoke")] HttpRequest http,
        string id,
        [DurableClient] DurableTaskClient orchestrations,
        FunctionContext context,
        CancellationToken cancellation
    ) =>
        HandleAsync<CommentBody>(
            http,
            id,
            orchestrations,
            context.Caller(),
            async body => new AccessRequestCommand.Revoke(
                await NarrowAsync(context.Caller(), cancellation),
                body.Comment,
                clock.GetUtcNow()
            ),
            cancellation
        );

    private async Task<IResult> HandleAsync<TBody>(
        HttpRequest http,
        string id,
        DurableTaskClient orchestrations,
        Caller caller,
        Func<TBody, Task<AccessRequestCommand>> prepare,
        CancellationToken cancellation,
        Func<TBody, long?, Task<Rejection?>>? whyNot = null
    )
        where TBody : CommentBody, new()
    {
        var (body, problem) = await ApiJson.ReadAsync<TBody>(http, cancellation, optional: true);
        if (body is null)
            return problem!;
        if (body.Errors().ToList() is [_, ..] errors)
            return Problems.Invalid(errors);
        if (!RequestAnswer.TryReadVersion(http.Headers, "If-Match", out var expected))
            return Problems.BadRequest(
                "invalid-header",
                "If-Match must contain one version in quotes, such as \"4\", without W/."
            );

        for (var attempt = 1; ; attempt++)
        {
            if (await LoadAsync(id, cancellation) is not { } seen || !caller.MaySee(seen))
                return Problems.From(Rejection.NotFound(id));
            if (whyNot is not null && await whyNot(body, expected) is { } refused)
                return refused == CallerLine.Refusal ? CallerLine.Refuse(http) : Problems.From(refused);

            var outcome = await commands.HandleAsync(id, await prepare(body), caller, expected, cancellation);
            if (outcome.Decision is not Decision.Rejected { Why: var why })
                break;
            // Somebody else may have reviewed since the reviewers were looked up: the rights of the new reviewer are
            // not known.
            if (why.Code != Rejection.IndeterminateCode || outcome.Version == seen.Version || attempt == MostTries)
                return Problems.From(why);
        }

        await orchestrations.NudgeLifecycleAsync(id, log, cancellation);
        var details = (await LoadAsync(id, cancellation))!;
        if (details.Status is RequestStatus.Pending || details.Extension is not null)
            reviewers.BeginToTell(id);
        return RequestAnswer.With(http, details);
    }

    private async Task<PolicyMismatch?> WhyNotEligibleAsync(string id, Caller caller, CancellationToken cancellation)
    {
        if (
            await commands.ReadAsync(id, cancellation) is not { Status: RequestStatus.Active } request
            || request.Requester != caller.Principal
        )
            return null;
        return await eligibility.WhyNotEligibleAsync(request, caller, cancellation);
    }

    private Task<AccessRequestCommand> Now(Func<DateTimeOffset, AccessRequestCommand> command) =>
        Task.FromResult(command(clock.GetUtcNow()));

    /// <summary>
    /// The current facts on which a review depends: for an extension, whether the requester is still eligible; and the
    /// reviewers.
    /// </summary>
    private async Task<(Rejection? Ineligible, ReviewerFacts Reviewers)> LookUpAsync(
        string id,
        Caller caller,
        CancellationToken cancellation
    )
    {
        var request = await commands.ReadAsync(id, cancellation);
        var earlier = request.Extension?.Reviews ?? request.PostReview?.Reviews ?? [];
        var reviewers = await directory.FindAsync(
            await policies.GetAsync(cancellation),
            earlier.Select(review => review.By).Append(caller.Principal),
            cancellation
        );
        return (await WhyNotExtendedAsync(request, cancellation), reviewers);
    }

    // The extension may have waited for its review, and the requester may have lost the eligibility meanwhile.
    private async Task<Rejection?> WhyNotExtendedAsync(AccessRequest request, CancellationToken cancellation) =>
        request is not { Status: RequestStatus.Active, Extension: not null }
            ? null
            : await eligibility.WhyNotEligibleAsync(request, caller: null, cancellation) switch
            {
                null => null,
                { IsUnresolved: true } mismatch => Rejection.Indeterminate(mismatch.Message),
                var mismatch => Rejection.NotCovered(mismatch.Message),
            };

    private async Task<Caller> NarrowAsync(Caller caller, CancellationToken cancellation)
    {
        try
        {
            return await directory.NarrowAsync(caller, await policies.GetAsync(cancellation), cancellation);
        }
        catch (NoPoliciesException)
        {
            return await directory.NarrowAsync(caller, null, cancellation);
        }
    }

    private async Task<RequestDetails?> LoadAsync(string id, CancellationToken cancellation)
    {
        await using var session = store.Documents.QuerySession();
        return await session.LoadAsync<RequestDetails>(id, cancellation);
    }
}
