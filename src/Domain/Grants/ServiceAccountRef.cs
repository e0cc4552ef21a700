namespace JitFunctions.Domain.Grants;

/// <summary>
/// The service account that holds the rights of one ephemeral grant. The tokens are bound to a Secret of the same name
/// in the same namespace, and become invalid when it is deleted.
/// </summary>
public sealed record ServiceAccountRef(string Namespace, string Name)
{
    public static ServiceAccountRef For(string requestId, string ns) => new(ns, BindingRef.NameFor(requestId));

    public GrantObjectRef Account() => new(GrantObjectKind.ServiceAccount, Namespace, Name);

    /// <summary>The Secret to which the tokens are bound.</summary>
    public GrantObjectRef Secret() => new(GrantObjectKind.Secret, Namespace, Name);

    /// <summary>The user name of the service account, which also appears in the audit log of the API server.</summary>
    public string UserName() => $"system:serviceaccount:{Namespace}:{Name}";

    public IReadOnlyList<string> Groups() =>
        ["system:serviceaccounts", $"system:serviceaccounts:{Namespace}", "system:authenticated"];
}
