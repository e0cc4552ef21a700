using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Grants;

/// <summary>What an approved request gives its holder in the cluster, and until when.</summary>
/// <param name="Installation">Null for a grant that a version without the label of the installation made.</param>
/// <param name="UserName">The requester, as the cluster knows them.</param>
/// <param name="ServiceAccount">Of an ephemeral grant: it holds the rights instead of the requester.</param>
/// <param name="EarlierExpiries">What the objects may still say, until an extension has reached them.</param>
public sealed record Grant(
    string RequestId,
    string? Installation,
    Scope Scope,
    string UserName,
    ServiceAccountRef? ServiceAccount,
    DateTimeOffset ExpiresAt,
    IReadOnlyList<DateTimeOffset> EarlierExpiries
)
{
    /// <summary>The role that was asked for, or the one that is made for a request with rules of its own.</summary>
    public RoleRef Role => Scope.Role ?? new RoleRef(RoleKind.Role, BindingRef.NameFor(RequestId));

    /// <summary>Who holds the rights.</summary>
    public RbacSubject Subject => ServiceAccount is { } account ? RbacSubject.Of(account) : RbacSubject.User(UserName);

    /// <summary>The labels of its objects.</summary>
    public GrantLabels Labels => new(GrantLabels.ManagedByThis, RequestId, Installation);

    /// <summary>Its objects in the order in which they are applied: what a binding refers to comes before it.</summary>
    public IReadOnlyList<DesiredObject> Desired() =>
        [.. GrantObjects.Of(RequestId, Scope, ServiceAccount).Select(one => new DesiredObject(one, ContentOf(one)))];

    /// <summary>Whether an object says when this grant ends. What it says has whole seconds.</summary>
    public bool EndsAt(DateTimeOffset? written) => IsAt(written, ExpiresAt);

    /// <summary>
    /// Whether this grant ended then at any time: an object may still say the expiry of before an extension.
    /// </summary>
    public bool HasEverEndedAt(DateTimeOffset? written) =>
        EndsAt(written) || EarlierExpiries.Any(expiry => IsAt(written, expiry));

    /// <summary>Whether these are the labels of this grant.</summary>
    public bool IsLabelled(GrantLabels labels) =>
        labels == (Installation is null ? Labels with { Installation = labels.Installation } : Labels);

    private static bool IsAt(DateTimeOffset? written, DateTimeOffset time) =>
        written is { } at && Math.Abs((at - time).TotalSeconds) < 1;

    private ObjectContent ContentOf(GrantObjectRef one) =>
        one.Kind switch
        {
            GrantObjectKind.RoleBinding or GrantObjectKind.ClusterRoleBinding => new ObjectContent.Binding(
                Role.Kind.ToString(),
                Role.Name,
                [Subject]
            ),
            GrantObjectKind.Role => new ObjectContent.Role(Scope.Rules ?? []),
            GrantObjectKind.Secret or GrantObjectKind.ServiceAccount => new ObjectContent.Credential(one.Kind),
            _ => throw new ArgumentOutOfRangeException(nameof(one)),
        };
}

/// <summary>The labels by which an object is known to belong to a grant.</summary>
/// <param name="ManagedBy"><c>app.kubernetes.io/managed-by</c>.</param>
public sealed record GrantLabels(string? ManagedBy, string? RequestId, string? Installation)
{
    public const string ManagedByThis = "jit-access";
}

/// <summary>An object that a grant should have in its cluster.</summary>
public sealed record DesiredObject(GrantObjectRef Ref, ObjectContent Content);

/// <summary>An object as it was read from a cluster.</summary>
/// <param name="ResourceVersion">The API server gives each change another one.</param>
/// <param name="ExpiresAt">What its annotation says; null when it says no time.</param>
/// <param name="MadeAt">By the API server's clock, in whole seconds.</param>
/// <param name="ChangedAt">The latest change of which the API server still knows.</param>
public sealed record ObservedObject(
    GrantObjectRef Ref,
    string Uid,
    string ResourceVersion,
    GrantLabels Labels,
    DateTimeOffset? ExpiresAt,
    ObjectContent Content,
    DateTimeOffset? MadeAt = null,
    DateTimeOffset? ChangedAt = null
)
{
    /// <summary>As the removal of an object is recorded that belongs to no request.</summary>
    public RemovedObject AsRemoved() =>
        Content is ObjectContent.Binding binding
            ? new(
                Ref.Name,
                $"{binding.RoleKind}/{binding.RoleName}",
                [.. binding.Subjects.Select(subject => subject.ToString())]
            )
            : new(Ref.Name, $"{Ref.Kind}/{Ref.Name}", []);
}
