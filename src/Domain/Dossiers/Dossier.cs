using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Dossiers;

/// <summary>
/// All that is known about one request: what was asked, who decided, when the cluster had the rights, what was done
/// with them, how it ended, and what remains. The actions themselves are beside it: there may be many.
/// </summary>
/// <param name="Life">Null if the cluster never had the rights.</param>
/// <param name="End">Null while the request is not final.</param>
/// <param name="Remains">What outlives the grant, by its actions; empty before its end.</param>
/// <param name="Gaps">What the dossier cannot know.</param>
public sealed record Dossier(
    string Request,
    DossierAsked Asked,
    DossierPolicy Policy,
    IReadOnlyList<DossierDecision> Decisions,
    DossierLife? Life,
    DossierActions Actions,
    DossierEnd? End,
    IReadOnlyList<ResidualAccess> Remains,
    IReadOnlyList<SealGap> Gaps,
    DossierSealed Seal,
    SealedLog? Log,
    IReadOnlyList<DossierEvent> Events
)
{
    /// <param name="events">All events of the request, in order.</param>
    /// <param name="tally">Of the actions of the grant that belong to the seal; of all if there is no seal.</param>
    /// <param name="late">Of the actions that arrived after the seal.</param>
    /// <param name="root">The root over the actions of <paramref name="tally"/>, as in the seal.</param>
    /// <param name="feed">Null if the cluster never sent its audit log.</param>
    /// <param name="gaps">What is known to be missing, beside what the tally tells.</param>
    public static Dossier Of(
        string request,
        IReadOnlyList<DossierEvent> events,
        ActionTally tally,
        ActionTally late,
        string root,
        FeedFacts? feed,
        IReadOnlyList<SealGap> gaps,
        SealedLog? log
    )
    {
        var facts = events.Select(one => one.Fact).ToList();
        var asked = facts.OfType<AccessRequestEvent.Requested>().First();
        var life = DossierLife.Of(facts);
        var end = DossierEnd.Of(facts);
        var seal = DossierSealed.Of(facts, tally, root, life, end);
        return new(
            request,
            DossierAsked.Of(asked),
            new(asked.Policy.Name, asked.Policy.Version, asked.Policy.Source, asked.Policy.Automatic),
            [.. facts.SelectMany(DossierDecision.Of)],
            life,
            new(
                tally.Totals,
                late.Totals.Sum(),
                tally.FirstUseAt ?? late.FirstUseAt,
                Use(life, tally, late, feed, gaps)
            ),
            end,
            end?.ProvenAt is { } proven ? tally.Remains(proven) : [],
            // The gaps of the seal stay, whatever was received since.
            [.. (seal.Seal?.Gaps ?? [.. gaps, .. tally.Gaps()]).Distinct()],
            seal,
            log,
            events
        );
    }

    private static GrantUse Use(
        DossierLife? life,
        ActionTally tally,
        ActionTally late,
        FeedFacts? feed,
        IReadOnlyList<SealGap> gaps
    ) =>
        life is null ? GrantUse.NeverLive
        : tally.FirstUseAt is not null || late.FirstUseAt is not null ? GrantUse.Used
        : feed?.Passed is null || feed.Passed < life.Until || life.Until is null || gaps.Count > 0 ? GrantUse.Unknown
        : GrantUse.NeverUsed;
}

public enum GrantUse
{
    /// <summary>The cluster never had the rights.</summary>
    NeverLive,
    Used,

    /// <summary>The audit log has passed the end of the grant, has no gap that is known, and shows no use.</summary>
    NeverUsed,

    /// <summary>No use was recorded, but the audit log has a gap, or has not come so far.</summary>
    Unknown,
}

/// <param name="Index">The position of its leaf in the log; null if it is not in the log yet.</param>
public sealed record DossierEvent(long Version, string Type, AccessRequestEvent Fact, long? Index);

public sealed record DossierAsked(
    Principal Requester,
    IReadOnlyList<string> Groups,
    RequestTerms Terms,
    string? ScopeHash,
    IReadOnlyList<DangerousRight> Dangers,
    DateTimeOffset At
)
{
    internal static DossierAsked Of(AccessRequestEvent.Requested e) =>
        new(e.Requester, e.Groups, e.Terms, e.ScopeHash, e.Dangers ?? [], e.At);
}

public sealed record DossierPolicy(string Name, string Version, string? Source, bool Automatic);

/// <param name="About">What was decided: <c>request</c>, <c>extension</c>, <c>break-glass</c>.</param>
/// <param name="By">Null if the policy decided.</param>
/// <param name="ScopeHash">The scope that the reviewer saw.</param>
/// <param name="Seal">The seal to which a later review refers.</param>
public sealed record DossierDecision(
    string About,
    string Verdict,
    Principal? By,
    IReadOnlyList<string> Groups,
    string? ScopeHash,
    string? Comment,
    DateTimeOffset At,
    string? Seal = null
)
{
    internal static IEnumerable<DossierDecision> Of(AccessRequestEvent fact)
    {
        switch (fact)
        {
            case AccessRequestEvent.Reviewed e:
                yield return new("request", Word(e.Verdict), e.By, e.Groups ?? [], e.ScopeHash, e.Comment, e.At);
                break;
            case AccessRequestEvent.Narrowed e:
                yield return new("request", "narrow", e.By, [], e.ScopeHash, null, e.At);
                break;
            case AccessRequestEvent.ApprovalVoided e:
                yield return new("request", "approvals void", null, [], null, e.Detail, e.At);
                break;
            case AccessRequestEvent.Approved { Automatic: true } e:
                yield return new("request", "approve by policy", null, [], null, null, e.At);
                break;
            case AccessRequestEvent.Approved { BreakGlass: true } e:
                yield return new("request", "approvals skipped by break-glass", null, [], null, null, e.At);
                break;
            case AccessRequestEvent.ExtensionReviewed e:
                yield return new("extension", Word(e.Verdict), e.By, e.Groups, e.ScopeHash, e.Comment, e.At);
                break;
            case AccessRequestEvent.BreakGlassReviewed e:
                yield return new("break-glass", Word(e.Verdict), e.By, e.Groups, e.ScopeHash, e.Comment, e.At, e.Seal);
                break;
        }
    }

    private static string Word(Requests.Verdict verdict) => verdict is Requests.Verdict.Approve ? "approve" : "deny";
}

/// <summary>When the cluster may have had the rights.</summary>
/// <param name="From">Before the first object was applied.</param>
/// <param name="ActiveFrom">When all objects were applied.</param>
/// <param name="PromisedUntil">The last expiry that was promised.</param>
/// <param name="Until">When the denial was proven; null while the cluster may have the rights.</param>
/// <param name="IsLate">True if the proof came after the promised expiry.</param>
public sealed record DossierLife(
    DateTimeOffset From,
    DateTimeOffset? ActiveFrom,
    DateTimeOffset? PromisedUntil,
    DateTimeOffset? Until,
    bool IsLate
)
{
    /// <summary>It takes as long to remove the objects and to ask whether they are gone.</summary>
    public static readonly TimeSpan OnTime = TimeSpan.FromMinutes(1);

    internal static DossierLife? Of(IReadOnlyList<AccessRequestEvent> facts)
    {
        if (facts.OfType<AccessRequestEvent.ActivationStarted>().FirstOrDefault() is not { } started)
            return null;
        var active = facts.OfType<AccessRequestEvent.Activated>().FirstOrDefault();
        var promised = facts.OfType<AccessRequestEvent.Extended>().LastOrDefault()?.ExpiresAt ?? active?.ExpiresAt;
        var until = DossierEnd.Of(facts)?.ProvenAt;
        return new(started.At, active?.At, promised, until, until > promised + OnTime);
    }
}

/// <param name="Actions">Those of the seal; all if there is no seal.</param>
/// <param name="Late">How many arrived after the seal.</param>
public sealed record DossierActions(ActionTotals Actions, long Late, DateTimeOffset? FirstUseAt, GrantUse Use);

/// <param name="ProvenAt">When the cluster was asked whether the rights are gone; null if it never had them.</param>
public sealed record DossierEnd(
    RequestStatus Status,
    EndingCause? Cause,
    Principal? By,
    string? Comment,
    DateTimeOffset At,
    DateTimeOffset? ProvenAt,
    DenialProof? Proof
)
{
    internal static DossierEnd? Of(IReadOnlyList<AccessRequestEvent> facts)
    {
        var ending = facts.OfType<AccessRequestEvent.EndingStarted>().LastOrDefault();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case AccessRequestEvent.Ended e:
                    return Proven(RequestStatus.Ended, e.At, e.Proof);
                case AccessRequestEvent.Failed e:
                    return Proven(RequestStatus.Failed, e.At, e.Proof);
                case AccessRequestEvent.Withdrawn e:
                    return new(
                        RequestStatus.Withdrawn,
                        null,
                        e.By,
                        e.Comment,
                        e.At,
                        e.Proof is null ? null : e.At,
                        e.Proof
                    );
                case AccessRequestEvent.Denied e:
                    return new(RequestStatus.Denied, null, e.By, e.Comment, e.At, null, null);
                case AccessRequestEvent.Lapsed e:
                    return new(RequestStatus.Lapsed, null, null, null, e.At, null, null);
            }
        }

        return null;

        DossierEnd Proven(RequestStatus status, DateTimeOffset at, DenialProof? proof) =>
            new(status, ending?.Cause, ending?.By, ending?.Comment, at, proof is null ? null : at, proof);
    }
}

public enum SealState
{
    /// <summary>There was no grant.</summary>
    NothingToSeal,

    /// <summary>The request is not final, or the audit log has not passed its end.</summary>
    Open,
    Sealed,

    /// <summary>The stored actions of the time before the seal are not those that were sealed.</summary>
    Broken,
}

/// <param name="Seal">Null before the seal.</param>
public sealed record DossierSealed(SealState State, DateTimeOffset? At, DossierSeal? Seal)
{
    internal static DossierSealed Of(
        IReadOnlyList<AccessRequestEvent> facts,
        ActionTally tally,
        string root,
        DossierLife? life,
        DossierEnd? end
    )
    {
        if (facts.OfType<AccessRequestEvent.Sealed>().FirstOrDefault() is { } sealedNow)
        {
            var isAsSealed = sealedNow.Seal.ActionsRoot == root && sealedNow.Seal.Actions == tally.Totals;
            return new(isAsSealed ? SealState.Sealed : SealState.Broken, sealedNow.At, sealedNow.Seal);
        }

        return new(end is not null && life is null ? SealState.NothingToSeal : SealState.Open, null, null);
    }
}
