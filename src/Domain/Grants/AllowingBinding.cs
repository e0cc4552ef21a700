using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Grants;

/// <summary>A binding that still allows what a grant allowed, after the grant's own objects are gone.</summary>
/// <param name="Namespace">Null for a ClusterRoleBinding.</param>
/// <param name="Role">As <c>kind/name</c>.</param>
/// <param name="Subject">To whom, as <c>kind/name</c>; of a service account <c>kind/namespace/name</c>.</param>
/// <param name="MadeAt">By the API server's clock, in whole seconds. Null when the binding cannot be read, or is gone
/// by now.</param>
/// <param name="ChangedAt">The latest change of which the API server still knows.</param>
/// <param name="DuringGrant">True when it was made or changed after the activation began; null when this cannot be
/// told.</param>
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
    /// <param name="activationStartedAt">Null when the request has never been in the cluster.</param>
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

    // The API server writes whole seconds: what was made in the second of the activation counts as made after it.
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
