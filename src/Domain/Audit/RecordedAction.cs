using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Audit;

/// <summary>
/// An action as it is stored and shown. Texts are shortened and without invisible characters; the canonical bytes of
/// the event have them as they were.
/// </summary>
/// <param name="Hash">With the cluster, its identity: see <see cref="ReceivedEvent"/>.</param>
/// <param name="Grants">The ids of the requests to whose record it belongs.</param>
/// <param name="Binding">The binding that allowed it, as <c>namespace/name</c> or for a ClusterRoleBinding its name;
/// null if none was named.</param>
/// <param name="Summary">One line for people: see <see cref="ActionSummary"/>.</param>
public sealed record RecordedAction(
    string Cluster,
    string Hash,
    string AuditId,
    AuditStage Stage,
    DateTimeOffset ReceivedAt,
    DateTimeOffset StageAt,
    AttributionKind Attribution,
    IReadOnlyList<string> Grants,
    IReadOnlyList<string> AlsoCoveredBy,
    string User,
    string? ImpersonatedUser,
    string Verb,
    string? ApiGroup,
    string? Resource,
    string? Namespace,
    string? Name,
    string RequestUri,
    int? Code,
    string? Binding,
    IReadOnlyList<string> SourceIps,
    string? UserAgent,
    string Summary
)
{
    /// <summary>True if the action was after the end of the grant to which it belongs.</summary>
    public bool IsAfterEnd { get; init; }

    private const int MostSourceIps = 5;

    public static RecordedAction Of(string cluster, ReceivedEvent received, Attribution attribution)
    {
        var action = received.Event;
        var (kind, grants, also) = AttributionKinds.Of(attribution);
        return new(
            cluster,
            received.Hash,
            ShortText.Name(action.AuditId),
            action.Stage,
            action.ReceivedAt,
            action.StageAt,
            kind,
            grants,
            also,
            ShortText.Name(action.User.Name),
            Short(action.ImpersonatedUser?.Name),
            ShortText.Name(action.Verb),
            Short(action.Target?.ApiGroup),
            Short(action.Target?.ResourceInRules),
            Short(action.Target?.Namespace),
            Short(action.Target?.Name ?? action.Body?.Name),
            ShortText.Detail(action.RequestUri),
            action.Code,
            RbacReason.Parse(action.Reason) is { } reason
                ? ShortText.Name(reason.Namespace is null ? reason.Binding : $"{reason.Namespace}/{reason.Binding}")
                : null,
            [.. action.SourceIps.Take(MostSourceIps).Select(ShortText.Name)],
            action.UserAgent is { } agent ? ShortText.Message(agent) : null,
            ActionSummary.Of(action)
        )
        {
            IsAfterEnd = attribution is Attribution.Exact { IsAfterEnd: true },
        };
    }

    private static string? Short(string? text) => text is null ? null : ShortText.Name(text);
}

/// <summary>The cases of <see cref="Audit.Attribution"/>, for storage and JSON.</summary>
public enum AttributionKind
{
    Exact,
    NotNeeded,
    Attempt,
    AllowedOtherwise,
    Unrelated,
}

internal static class AttributionKinds
{
    public static (AttributionKind Kind, IReadOnlyList<string> Grants, IReadOnlyList<string> Also) Of(
        Attribution attribution
    ) =>
        attribution switch
        {
            Attribution.Exact exact => (AttributionKind.Exact, [exact.Grant], exact.AlsoCoveredBy),
            Attribution.NotNeeded standing => (AttributionKind.NotNeeded, standing.Grants, standing.AlsoCoveredBy),
            Attribution.Attempt attempt => (AttributionKind.Attempt, attempt.Grants, []),
            Attribution.AllowedOtherwise other => (
                AttributionKind.AllowedOtherwise,
                other.NamedGrant is { } named ? [.. other.Grants.Append(named).Distinct()] : other.Grants,
                []
            ),
            _ => (AttributionKind.Unrelated, [], []),
        };
}
