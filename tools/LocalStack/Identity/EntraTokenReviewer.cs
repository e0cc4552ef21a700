using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// Simulates the webhook that authenticates Entra ID tokens for an AKS API server. The user name of an app is its
/// object id. Wire format:
/// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#webhook-token-authentication.
/// </summary>
public sealed class EntraTokenReviewer : IAsyncDisposable
{
    private const string ApiServers = "6dae42f8-4368-4678-94ff-3960e28e3630";
    private readonly WebApplication _site;

    private EntraTokenReviewer(TokenMint mint, string objectId)
    {
        _site = LoopbackSite.Build(Address);
        // A token for another resource, such as a database, is not valid for a cluster.
        _site.MapPost(
            Address.AbsolutePath,
            (TokenReview review) =>
                Results.Json(
                    mint.Find(review.Spec.Token)?.Resource == ApiServers
                        ? new
                        {
                            apiVersion = review.ApiVersion,
                            kind = "TokenReview",
                            status = (object)
                                new { authenticated = true, user = new { username = objectId, uid = objectId } },
                        }
                        : new
                        {
                            apiVersion = review.ApiVersion,
                            kind = "TokenReview",
                            status = (object)new { authenticated = false },
                        }
                )
        );
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}/review");

    public static async Task<EntraTokenReviewer> StartAsync(
        TokenMint mint,
        string objectId,
        CancellationToken cancellation = default
    )
    {
        var reviewer = new EntraTokenReviewer(mint, objectId);
        await reviewer._site.StartAsync(cancellation);
        return reviewer;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private sealed record TokenReview(string ApiVersion, ReviewSpec Spec);

    private sealed record ReviewSpec(string Token);
}
