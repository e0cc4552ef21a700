using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Grants;

/// <summary>What an approved request gives in the cluster, and until when.</summary>
/// <param name="Installation">Null for a grant that was created by a version without the installation label.</param>
/// <param name="UserName">The user name of the requester in the cluster.</param>
/// <param name="ServiceAccount">For an ephemeral grant: the service account that holds the rights instead of the
/// requester.</param>
/// <param name="EarlierExpiries">Expiries that the objects may still have until an extension has been applied.</param>
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
    /// <summary>The requested role, or the Role that is created for an ad-hoc request.</summary>
    public RoleRef Role => Scope.Role ?? new RoleRef(RoleKind.Role, BindingRef.NameFor(RequestId));

    /// <summary>The subject that holds the rights.</summary>
    public RbacSubject Subject => ServiceAccount is { } account ? RbacSubject.Of(account) : RbacSubject.User(UserName);

    /// <summary>The labels of the grant objects.</summary>
    public GrantLabels Labels => new(GrantLabels.ManagedByThis, RequestId, Installation);

    /// <summary>
    /// The desired objects in the order in which they are applied: a binding comes after what it refers to.
    /// </summary>
    public IReadOnlyList<DesiredObject> Desired() =>
        [.. GrantObjects.Of(RequestId, Scope, ServiceAccount).Select(one => new DesiredObject(one, ContentOf(one)))];

    /// <summary>True if this is the expiry of the grant. The annotation of an object has whole seconds.</summary>
    public bool EndsAt(DateTimeOffset? written) => IsAt(written, ExpiresAt);

    /// <summary>
    /// True if this is or was the expiry of the grant: an object may still have the expiry from before an extension.
    /// </summary>
    public bool HasEverEndedAt(DateTimeOffset? written) =>
        EndsAt(written) || EarlierExpiries.Any(expiry => IsAt(written, expiry));

    /// <summary>True if these are the labels of this grant.</summary>
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

/// <summary>The labels that show that an object belongs to a grant.</summary>
/// <param name="ManagedBy"><c>app.kubernetes.io/managed-by</c>.</param>
public sealed record GrantLabels(string? ManagedBy, string? RequestId, string? Installation)
{
    public const string ManagedByThis = "jit-access";
}

/// <summary>An object that a grant should have in its cluster.</summary>
public sealed record DesiredObject(GrantObjectRef Ref, ObjectContent Content);

/// <summary>An object that was read from a cluster.</summary>
/// <param name="ResourceVersion">The API server changes it with each change of the object.</param>
/// <param name="ExpiresAt">The expiry in its annotation; null if the annotation is not a time.</param>
/// <param name="MadeAt">According to the clock of the API server, in whole seconds.</param>
/// <param name="ChangedAt">The latest change that the API server has recorded.</param>
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
    /// <summary>Returns the record for the removal of an object that belongs to no request.</summary>
    public RemovedObject AsRemoved() =>
        Content is ObjectContent.Binding binding
            ? new(
                Ref.Name,
                $"{binding.RoleKind}/{binding.RoleName}",
                [.. binding.Subjects.Select(subject => subject.ToString())]
            )
            : new(Ref.Name, $"{Ref.Kind}/{Ref.Name}", []);
}
