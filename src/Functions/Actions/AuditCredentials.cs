using System.Security.Cryptography;
using System.Text;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Actions;

/// <summary>The credentials with which clusters deliver their audit logs.</summary>
public sealed class AuditCredentials(IReadOnlyDictionary<string, ClusterOptions> clusters)
{
    private readonly IReadOnlyDictionary<string, byte[][]> _hashes = clusters.ToDictionary(
        cluster => cluster.Key,
        cluster => cluster.Value.AuditTokens.Select(Hash).ToArray()
    );

    /// <summary>
    /// True if this is a credential of this cluster. How long it takes tells nothing of the credentials, and a cluster
    /// that is not configured is like a wrong credential.
    /// </summary>
    public bool Accept(string cluster, string? token)
    {
        if (token is null || !_hashes.TryGetValue(cluster, out var known))
            return false;
        var given = Hash(token);
        var isKnown = false;
        foreach (var hash in known)
            isKnown |= CryptographicOperations.FixedTimeEquals(hash, given);
        return isKnown;
    }

    /// <summary>What the cluster adds to the user names of tokens.</summary>
    public string UsernamePrefix(string cluster) => clusters[cluster].UsernamePrefix;

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
