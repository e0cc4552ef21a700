using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

/// <summary>A binding that still allows what a grant allowed, after the grant's own objects were removed.</summary>
/// <param name="Namespace">Null for a ClusterRoleBinding.</param>
/// <param name="Role">As <c>kind/name</c>.</param>
/// <param name="Subject">The subject, as <c>kind/name</c>; for a service account <c>kind/namespace/name</c>.</param>
/// <param name="MadeAt">According to the clock of the API server, in whole seconds. Null when the binding cannot be
/// read, or no longer exists.</param>
/// <param name="ChangedAt">The latest change that the API server has recorded.</param>
/// <param name="DuringGrant">True if it was created or changed after the activation began; null if this cannot be
/// determined.</param>
public sealed record AllowingBinding(
    string? Namespace,
    string Name,
    string Role,
    string Subject,
    DateTimeOffset? MadeAt,
    DateTimeOffset? ChangedAt,
    bool? DuringGrant
)
{
    /// <param name="activationStartedAt">Null if the activation of the request never started.</param>
    public static AllowingBinding Of(
        RbacReason reason,
        DateTimeOffset? madeAt,
        DateTimeOffset? changedAt,
        DateTimeOffset? activationStartedAt
    ) =>
        new(
            reason.Namespace,
            reason.Binding,
            $"{reason.RoleKind}/{reason.Role}",
            $"{reason.SubjectKind}/{reason.Subject}",
            madeAt,
            changedAt > madeAt ? changedAt : null,
            IsDuring(changedAt > madeAt ? changedAt : madeAt, activationStartedAt)
        );

    public AllowingBinding Shortened() =>
        this with
        {
            Name = ShortText.Name(Name),
            Role = ShortText.Name(Role),
            Subject = ShortText.Name(Subject),
        };

    public string Describe() =>
        $"{(Namespace is null ? "ClusterRoleBinding" : "RoleBinding")} "
        + $"{Name}{(Namespace is { } ns ? $" in {ns}" : "")} ({Role} for {Subject}), {When()}";

    // The API server records whole seconds: an object that was created in the same second as the activation counts as
    // created after it.
    private static bool? IsDuring(DateTimeOffset? at, DateTimeOffset? since) =>
        at is { } time && since is { } start ? time.ToUnixTimeSeconds() >= start.ToUnixTimeSeconds() : null;

    private string When()
    {
        if (MadeAt is not { } made)
            return "which cannot be read now";
        var change = ChangedAt is { } changed ? $" and changed at {changed.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "";
        var since = DuringGrant switch
        {
            true => ", after the activation of this grant",
            false => ", before this grant",
            null => "",
        };
        return $"made at {made.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}{change}{since}";
    }
}
