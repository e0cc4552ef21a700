using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Requests.AccessRequestEvent;
using static JitFunctions.Domain.Tests.Samples.Scenario;

namespace JitFunctions.Domain.Tests.Samples;

/// <summary>
/// Short ways to write the events that a test expects. Unless said otherwise, a review approves <see cref="Terms"/> on
/// behalf of the payments leads, and everything happens at noon and without a comment.
/// </summary>
internal static class ExpectedEvents
{
    public static readonly string[] Leads = ["payments-leads"];
    public static readonly string[] Security = ["security"];
    public static readonly string[] LeadsAndSecurity = ["payments-leads", "security"];

    public static Reviewed ReviewedBy(
        Caller by,
        Verdict verdict = Verdict.Approve,
        string[]? groups = null,
        string? hash = null,
        string? comment = null,
        DateTimeOffset? at = null
    ) => new(by.Principal, verdict, comment, at ?? Noon, hash ?? Seen, groups ?? Leads, by.OtherAccounts);

    public static ExtensionReviewed ExtensionReviewedBy(
        Caller by,
        string hash,
        Verdict verdict = Verdict.Approve,
        string[]? groups = null,
        DateTimeOffset? at = null,
        string[]? lost = null
    ) => new(by.Principal, verdict, null, at ?? Noon, hash, groups ?? Leads, by.OtherAccounts, lost);

    public static BreakGlassReviewed BreakGlassReviewedBy(
        Caller by,
        string hash,
        Verdict verdict = Verdict.Approve,
        string[]? groups = null,
        DateTimeOffset? at = null,
        string[]? lost = null
    ) => new(by.Principal, verdict, null, at ?? Noon, hash, groups ?? Leads, by.OtherAccounts, lost);

    /// <summary>Approved by reviewers; the activation has an hour.</summary>
    public static Approved ApprovedAt(DateTimeOffset at) => new(Automatic: false, at.AddHours(1), at);

    public static EndingStarted EndingBy(Caller by, EndingCause cause, string? comment = null) =>
        new(cause, by.Principal, comment, Noon);

    public static EndingStarted EndingBySystem(EndingCause cause, string? comment, DateTimeOffset at) =>
        new(cause, new("system", "system:jit-access"), comment, at);
}
