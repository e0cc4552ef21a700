using JasperFx.Events;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Text;
using Marten;
using Marten.Events.Projections;
using Marten.Schema;
using Weasel.Postgresql.Tables;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections;

/// <summary>Read model: one flat line for each event, for people and for a SIEM.</summary>
/// <param name="Id">The id of the event.</param>
/// <param name="Stream">The stream of the request, of the cluster, of the policies or of the installation.</param>
public sealed record AuditEntry(
    Guid Id,
    DateTimeOffset At,
    string Actor,
    string Channel,
    string Action,
    string Stream,
    string? Cluster,
    string Summary
)
{
    internal const string LowerActor = "lower(actor)";

    /// <summary>Called by Marten. Adds an index by person, in the order of the trail.</summary>
    public static void ConfigureMarten(DocumentMapping mapping) =>
        mapping.Indexes.Add(new IndexDefinition("auditentry_by_actor") { Columns = [LowerActor, "at", "id"] });
}

internal sealed partial class AuditTrailProjection : EventProjection
{
    public override ValueTask ApplyAsync(IDocumentOperations operations, IEvent e, CancellationToken cancellation)
    {
        var (at, summary) = e.Data switch
        {
            AccessRequestEvent fact => (fact.At, Summarize(fact)),
            PolicyEvent.Published policies => (
                policies.At,
                $"{policies.Version} from {policies.Source} by {policies.Publisher}: {policies.Changes.Count} "
                    + "line(s) changed"
            ),
            PolicyEvent.Rejected policies => (
                policies.At,
                $"{policies.Version} from {policies.Source} by {policies.Publisher} is not valid: {policies.Errors[0]}"
            ),
            ClusterEvent.StrayBindingRemoved stray => (stray.At, Summarize(stray)),
            ClusterEvent.ActionsRecorded recorded => (
                recorded.At,
                $"{recorded.Actions.Count} action(s) and {recorded.Gaps.Count} gap(s) from {recorded.Source}, "
                    + $"{recorded.Counted} other event(s) counted"
            ),
            ClusterEvent.AuditIdReused reused => (reused.At, Summarize(reused)),
            InstallationEvent.Created installation => (
                installation.At,
                $"installation {installation.Id} began with this event store"
            ),
            _ => (e.Timestamp, string.Empty),
        };
        operations.Insert(
            new AuditEntry(
                e.Id,
                at,
                e.UserName ?? "unknown",
                Provenance.ChannelOf(e),
                e.EventTypeName,
                e.StreamKey!,
                Provenance.ClusterOf(e),
                summary
            )
        );
        return ValueTask.CompletedTask;
    }

    private static string Summarize(AccessRequestEvent fact) =>
        fact switch
        {
            Requested e => $"{e.Requester.Username} {(e.Terms.BreakGlass ? "takes, by break-glass," : "asks for")} "
                + $"{e.Terms.Scope} for {KubernetesDuration.Format(e.Terms.Duration)}: {e.Terms.Reason}",
            Reviewed e => $"{e.By.Username}: {e.Verdict}{Because(e.Comment)}",
            Narrowed e =>
                $"narrowed by {e.By.Username} to {e.Terms.Scope} for {KubernetesDuration.Format(e.Terms.Duration)}",
            Approved e => e.BreakGlass == true ? "approvals skipped by break-glass"
            : e.Automatic ? "approved by policy"
            : "approved",
            ApprovalVoided e => $"waits for approvals again: {e.Detail}",
            Denied e => $"denied by {e.By.Username}{Because(e.Comment)}",
            Withdrawn e => $"withdrawn by {e.By.Username}{Because(e.Comment)}",
            Lapsed => "nobody decided in time",
            ActivationStarted e => e.ServiceAccount is { } account
                ? $"activation started for {account.UserName()}"
                : "activation started",
            ActivationDelayed e => $"activation failed, try {e.Attempt}: {e.Detail}",
            Activated e => $"active until {e.ExpiresAt:u} by {e.Bindings.Count} binding(s)",
            CredentialIssued e => $"credential handed to {e.By.Username}, good until {e.ExpiresAt:u}",
            ExtensionRequested e => $"asks for {KubernetesDuration.Format(e.Duration)} more: {e.Reason}",
            ExtensionReviewed e => $"extension, {e.By.Username}: {e.Verdict}{Because(e.Comment)}{Without(e.Lost)}",
            Extended e => $"extended, active until {e.ExpiresAt:u}",
            ExtensionDenied e => $"extension denied by {e.By.Username}{Because(e.Comment)}",
            EndingStarted e => $"{e.Cause} by {e.By.Username}{Because(e.Comment)}",
            RevocationDelayed e => $"{e.Alarm}: revocation failed, try {e.Attempt}: {e.Detail}",
            Ended e => $"rights removed; {e.Proof.Verdict}: {e.Proof.Detail}",
            Failed e => $"failed: {e.Detail}",
            DriftFound e => $"{e.Drift.Kind} {(e.Drift.ObjectKind is { } kind ? $"{kind} " : "")}{e.Drift.Name} in "
                + $"{e.Drift.Namespace ?? "the cluster"}, {e.Drift.Remedy}: {e.Drift.Detail}",
            RoleGrown { Untold: { } why } =>
                $"the role came to allow what nobody approved, and what cannot be told: {why}",
            RoleGrown e => "the role came to allow what nobody "
                + $"approved{(e.Dangers is [_, ..] ? ", dangerous rights among it" : "")}: {Describe(e.Added)}",
            RoleShrunk e => $"the role no longer allows what nobody approved: {Describe(e.Gone)}",
            FirstUsed e => $"first used at {e.UsedAt:u}: {e.Summary}",
            ApproversNotified e => $"notified the skipped approvers: {string.Join(", ", e.Groups)}",
            BreakGlassReviewed e => $"break-glass, {e.By.Username}: {e.Verdict}{Because(e.Comment)}{Without(e.Lost)}",
            BreakGlassConcluded e => e.Justified ? "break-glass was justified" : "break-glass was not justified",
            ReviewOverdue => "the review of the break-glass use is overdue",
            _ => string.Empty,
        };

    private static string Summarize(ClusterEvent.StrayBindingRemoved stray)
    {
        var subjects = stray.Subjects is [_, ..] ? $" for {string.Join(", ", stray.Subjects)}" : "";
        var others = stray.Count > 1 ? $" and {stray.Count - 1} more" : "";
        return $"removed {stray.Name} ({stray.Role}{subjects}){others} from {stray.Namespace ?? "the cluster"}";
    }

    private static string Summarize(ClusterEvent.AuditIdReused e)
    {
        var first = e.Reused[0];
        var others = e.Reused.Count > 1 ? $" and {e.Reused.Count - 1} more" : "";
        return $"different actions have the same audit id {first.AuditId}{others}, by "
            + string.Join(", ", e.Reused.SelectMany(one => one.Subjects).Distinct());
    }

    private static string Describe(IReadOnlyList<NamespacedRules> rights) =>
        string.Join("; ", rights.Select(placed => placed.Describe()));

    private static string Without(IReadOnlyList<string>? lost) =>
        lost is null ? string.Empty : $"; no longer counted: {string.Join(", ", lost)}";

    private static string Because(string? comment) => comment is null ? string.Empty : $" ({comment})";
}
