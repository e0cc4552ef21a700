namespace JitFunctions.KubectlJit.Api;

/// <summary>A token of a grant's service account.</summary>
internal sealed record Credential(string Token, DateTimeOffset ExpiresAt)
{
    // A record prints its members by default, including the token.
    public override string ToString() => $"a credential until {ExpiresAt:u}";
}

/// <summary>The address of a cluster. Without an authority, its certificate is from a public authority.</summary>
internal sealed record ClusterAddress(string Name, string Server, string? CertificateAuthorityData = null);
