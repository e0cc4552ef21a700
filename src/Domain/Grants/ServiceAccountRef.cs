namespace JitFunctions.Domain.Grants;

/// <summary>
/// The service account that holds the rights of one ephemeral grant. A Secret beside it has the same name: its tokens
/// are bound to that and end with it.
/// </summary>
public sealed record ServiceAccountRef(string Namespace, string Name)
{
    public static ServiceAccountRef For(string requestId, string ns) => new(ns, BindingRef.NameFor(requestId));

    public GrantObjectRef Account() => new(GrantObjectKind.ServiceAccount, Namespace, Name);

    /// <summary>To which its tokens are bound.</summary>
    public GrantObjectRef Secret() => new(GrantObjectKind.Secret, Namespace, Name);

    /// <summary>As the API server knows it, in its audit log too.</summary>
    public string UserName() => $"system:serviceaccount:{Namespace}:{Name}";

    public IReadOnlyList<string> Groups() =>
        ["system:serviceaccounts", $"system:serviceaccounts:{Namespace}", "system:authenticated"];
}
