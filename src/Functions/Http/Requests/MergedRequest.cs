using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Notices;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>
/// Extends the live grant that a request is merged into. It gives nothing that the person could not get by an extension
/// of that grant: its policy decides, and its approvers review.
/// </summary>
public sealed class MergedRequest(
    ApiStore store,
    CallerCommands commands,
    ExtensionEligibility eligibility,
    Reviewers reviewers,
    TimeProvider clock,
    ILogger<MergedRequest> log
)
{
    /// <returns>The live grant, with its extension.</returns>
    public async Task<IResult> ExtendAsync(
        HttpRequest http,
        Caller caller,
        RequestDraft draft,
        OverlapResult.Merged merged,
        DurableTaskClient orchestrations,
        CancellationToken cancellation
    )
    {
        if (merged.By > TimeSpan.Zero && await WhyNotAsync(caller, draft, merged, cancellation) is { } why)
            return Problems.From(why);
        await orchestrations.NudgeLifecycleAsync(merged.Request, log, cancellation);
        await using var session = store.Documents.QuerySession();
        var details = (await session.LoadAsync<RequestDetails>(merged.Request, cancellation))!;
        if (details.Extension is not null)
            reviewers.BeginToTell(merged.Request);
        return RequestAnswer.With(http, details);
    }

    private async Task<Rejection?> WhyNotAsync(
        Caller caller,
        RequestDraft draft,
        OverlapResult.Merged merged,
        CancellationToken cancellation
    )
    {
        var grant = await commands.ReadAsync(merged.Request, cancellation);
        var mismatch = await eligibility.WhyNotEligibleAsync(grant, caller, cancellation);
        if (mismatch is { IsUnresolved: true })
            return Rejection.Indeterminate(mismatch.Message);
        var extend = new AccessRequestCommand.Extend(
            caller,
            merged.By,
            draft.Reason,
            mismatch?.Message,
            clock.GetUtcNow()
        );
        var outcome = await commands.HandleAsync(merged.Request, extend, caller, expected: null, cancellation);
        return outcome.Decision is Decision.Rejected { Why: var why }
            ? Rejection.OverlappingGrant(
                merged.Request,
                $"Your grant {merged.Request} has these rights, and cannot be extended as asked: {why.Detail}"
            )
            : null;
    }
}
