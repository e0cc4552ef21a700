using JitFunctions.Domain.Grants;
using k8s;
using k8s.Models;

namespace JitFunctions.Functions.Clusters;

/// <param name="Token">Secret.</param>
/// <param name="EndsAt">When the token expires.</param>
/// <param name="AccountUid">The uid of the service account to which the token belongs.</param>
/// <param name="SecretUid">The uid of the Secret to which the token is bound.</param>
internal sealed record BoundToken(string Token, DateTimeOffset EndsAt, string AccountUid, string SecretUid)
{
    // The ToString of a record would print its members, including the token.
    public override string ToString() => $"a token until {EndsAt:u}";
}

/// <summary>Requests tokens for a grant's service account from the cluster.</summary>
internal static class TokenRequests
{
    /// <summary>
    /// The shortest lifetime for which the API server issues a token: ValidateTokenRequest in
    /// pkg/apis/authentication/validation.
    /// </summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    /// <summary>A token with the shortest lifetime that Kubernetes allows, bound to the grant's Secret.</summary>
    /// <exception cref="k8s.Autorest.HttpOperationException">404 or 409 when the service account or its Secret is
    /// gone.</exception>
    public static async Task<BoundToken> RequestTokenAsync(
        this Cluster cluster,
        ServiceAccountRef account,
        CancellationToken cancellation
    )
    {
        var holder = await cluster.Client.CoreV1.ReadNamespacedServiceAccountAsync(
            account.Name,
            account.Namespace,
            cancellationToken: cancellation
        );
        var secret = await cluster.Client.CoreV1.ReadNamespacedSecretAsync(
            account.Name,
            account.Namespace,
            cancellationToken: cancellation
        );
        var asked = new Authenticationv1TokenRequest
        {
            Spec = new()
            {
                Audiences = [],
                ExpirationSeconds = (long)Shortest.TotalSeconds,
                BoundObjectRef = new()
                {
                    ApiVersion = V1Secret.KubeApiVersion,
                    Kind = V1Secret.KubeKind,
                    Name = account.Name,
                    Uid = secret.Metadata.Uid,
                },
            },
        };
        var issued = (
            await cluster.Client.CoreV1.CreateNamespacedServiceAccountTokenAsync(
                asked,
                account.Name,
                account.Namespace,
                cancellationToken: cancellation
            )
        ).Status;
        var endsAt =
            issued.ExpirationTimestamp
            ?? throw new InvalidDataException($"{cluster.Name} did not return the expiry of a token.");
        return new(issued.Token, endsAt.ToUniversalTime(), holder.Metadata.Uid, secret.Metadata.Uid);
    }

    /// <summary>Whether the service account and the Secret of a token still exist, with the same uids.</summary>
    /// <exception cref="k8s.Autorest.HttpOperationException" />
    public static async Task<bool> IsAcceptedAsync(
        this Cluster cluster,
        BoundToken token,
        ServiceAccountRef account,
        CancellationToken cancellation
    )
    {
        var found = await Task.WhenAll(
            cluster.FindAsync(account.Secret(), cancellation),
            cluster.FindAsync(account.Account(), cancellation)
        );
        return found.Select(one => one?.Uid).SequenceEqual([token.SecretUid, token.AccountUid]);
    }
}
