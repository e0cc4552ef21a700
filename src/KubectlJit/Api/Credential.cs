namespace JitFunctions.KubectlJit.Api;

/// <summary>A token of the service account of a grant.</summary>
internal sealed record Credential(string Token, DateTimeOffset ExpiresAt)
{
    // A record would print its members, the token among them.
    public override string ToString() => $"a credential until {ExpiresAt:u}";
}

/// <summary>Where a cluster is; without an authority, one that everybody trusts.</summary>
internal sealed record ClusterAddress(string Name, string Server, string? CertificateAuthorityData = null);
