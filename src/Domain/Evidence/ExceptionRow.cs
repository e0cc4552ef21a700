using System.Globalization;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Evidence;

/// <summary>Something that an auditor has to look at: a row of the exceptions.</summary>
/// <param name="Request">Empty if it is about none, but about a cluster.</param>
/// <param name="Code">One of <see cref="ExceptionCodes"/>.</param>
/// <param name="At">When it was recorded, or when it should have been.</param>
/// <param name="Index">The leaf that shows it; null if it is that something is missing.</param>
/// <param name="Detail">One sentence without a period.</param>
public sealed record ExceptionRow(string Request, string Code, DateTimeOffset At, long? Index, string Detail)
{
    public static readonly IReadOnlyList<string> Columns = ["request", "exception", "at", "index", "detail"];

    public static string Header { get; } = Csv.Line(Columns);

    public string Line() =>
        Csv.Line([
            Request,
            Code,
            EvidencePeriod.Text(At),
            Index?.ToString(CultureInfo.InvariantCulture) ?? string.Empty,
            Detail,
        ]);
}

/// <summary>What an exception is, by a code that scripts read. docs/evidence.md explains each.</summary>
public static class ExceptionCodes
{
    public const string SelfApproval = "self-approval";
    public const string NotApproved = "not-approved";
    public const string TooFewApprovals = "too-few-approvals";
    public const string NotDetermined = "not-determined";
    public const string LateEnd = "late-end";
    public const string NotEnded = "not-ended";
    public const string DenialNotProven = "denial-not-proven";
    public const string RemovalDelayed = "removal-delayed";
    public const string BreakGlass = "break-glass";
    public const string BreakGlassReviewLate = "break-glass-review-late";
    public const string BreakGlassUnreviewed = "break-glass-unreviewed";
    public const string BreakGlassUnjustified = "break-glass-unjustified";
    public const string ExtensionBeyondPolicy = "extension-beyond-policy";
    public const string EndedByReconciler = "ended-by-reconciler";
    public const string Drift = "drift";
    public const string RoleGrown = "role-grown";
    public const string StrayRemoved = "stray-removed";
    public const string ActionFeedGap = "action-feed-gap";
    public const string AuditIdReused = "audit-id-reused";

    /// <summary>All, with what each means.</summary>
    public static readonly IReadOnlyList<(string Code, string Meaning)> All =
    [
        (SelfApproval, "somebody approved who is the requester, or has one of the requester's accounts"),
        (NotApproved, "rights were given without an approval in the log"),
        (TooFewApprovals, "fewer people approved this scope than the policy required"),
        (NotDetermined, "who asked or who approved was erased, so that approvals cannot be checked"),
        (LateEnd, "the rights were removed more than a minute after they should have ended"),
        (NotEnded, "the rights should have ended more than a minute before the last leaf, and no end is recorded"),
        (DenialNotProven, "after the end, the cluster did not say that access is denied"),
        (RemovalDelayed, "the removal of the rights failed so often or so long that an alarm was raised"),
        (BreakGlass, "the rights were given before the approvals"),
        (BreakGlassReviewLate, "the review of break-glass was not there by its deadline"),
        (BreakGlassUnreviewed, "break-glass has not been reviewed by its deadline, and not until the last leaf"),
        (BreakGlassUnjustified, "a reviewer found that break-glass was not justified"),
        (ExtensionBeyondPolicy, "an extension is longer than the policy allows, or the policy allows none"),
        (EndedByReconciler, "the reconciler ended the grant, not the orchestration or a person"),
        (Drift, "the objects of the grant in the cluster were not as they should be"),
        (RoleGrown, "the role was changed during the grant, so that it allowed more than was approved"),
        (StrayRemoved, "objects in a cluster belonged to no live grant, and were removed"),
        (ActionFeedGap, "actions of a cluster were received that cannot be read, or may be missing"),
        (AuditIdReused, "a client used an audit id again"),
    ];
}
