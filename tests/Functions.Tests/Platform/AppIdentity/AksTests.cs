using System.Net;
using System.Text;
using Azure.Core;
using JitFunctions.Domain.Grants;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.LocalStack;
using k8s;
using k8s.Autorest;

namespace JitFunctions.Functions.Tests.Platform.AppIdentity;

/// <summary>
/// A real API server that knows the app by the object id of its managed identity, with what
/// infra/kubernetes/overlays/aks gives it.
/// </summary>
[Collection(ProcessEnvironment.Collection)]
public sealed class AksTests : IAsyncLifetime
{
    private const string ObjectId = "00000000-0000-0000-0000-000000000000"; // as in the overlay
    private ManagedIdentity _endpoint = null!;
    private EntraTokenReviewer _reviewer = null!;
    private KubernetesCluster _cluster = null!;
    private ClusterConnections _connections = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _endpoint = await ManagedIdentity.StartAsync(Cancellation);
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", _endpoint.Endpoint.OriginalString);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", _endpoint.Header);
        _reviewer = await EntraTokenReviewer.StartAsync(_endpoint.Mint, ObjectId, Cancellation);
        _cluster = await KubernetesCluster.StartAsync(durable: false, _reviewer.Address, Cancellation);
        _connections = new(
            new Dictionary<string, ClusterOptions>
            {
                ["prod"] = new()
                {
                    Aks = new()
                    {
                        Server = _cluster.Server,
                        CertificateAuthorityData = Convert.ToBase64String(Encoding.ASCII.GetBytes(_cluster.Authority)),
                        ManagedIdentityClientId = Guid.NewGuid().ToString(),
                    },
                },
            },
            new(new(), TimeProvider.System)
        );
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        _connections?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        if (_reviewer is not null)
            await _reviewer.DisposeAsync();
        await _endpoint.DisposeAsync();
    }

    [Fact]
    public async Task The_app_has_its_rights_there_by_its_token_and_one_for_databases_is_refused_for_now_only()
    {
        var cluster = _connections["prod"];
        var refused = await Assert.ThrowsAsync<HttpOperationException>(() =>
            cluster.ListAsync(GrantObjectKind.RoleBinding, GrantMetadata.Selector, [], Cancellation)
        );
        Assert.True(ClusterFailure.IsForbidden(refused)); // known, and without rights yet
        await ApplyAksOverlayAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(_ => cluster.ListAsync(GrantObjectKind.RoleBinding, GrantMetadata.Selector, [], Cancellation))
        );
        Assert.Equal(1, _endpoint.Mint.Calls);

        // A refusal of the token says nothing about the grant, so what it was for is tried again.
        var other = new AppCredentials(new(), TimeProvider.System).For(Guid.NewGuid().ToString());
        var forDatabases = await other.GetTokenAsync(
            new TokenRequestContext(["https://ossrdbms-aad.database.windows.net/.default"]),
            Cancellation
        );
        var denied = await Assert.ThrowsAsync<HttpOperationException>(() => CallAsync(forDatabases.Token));
        Assert.Equal(HttpStatusCode.Unauthorized, denied.Response.StatusCode);
        Assert.False(ClusterFailure.IsFinal(denied));
        Assert.False(ClusterFailure.IsForbidden(denied));
    }

    // Without what an API server of this age may not know; the rights are the same.
    private async Task ApplyAksOverlayAsync()
    {
        var built = (
            await Command.RunAsync(
                "kubectl",
                ["kustomize", Path.Combine(LocalPlatform.Infrastructure, "overlays", "aks")],
                cancellation: Cancellation
            )
        ).OrThrow("kustomize");
        var known = built
            .StdOut.Split("\n---\n")
            .Where(x =>
                !x.Contains("kind: CronJob", StringComparison.Ordinal)
                && !x.Contains("kind: ValidatingAdmission", StringComparison.Ordinal)
            );
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, string.Join("\n---\n", known), Cancellation);
        await _cluster.ApplyAsync(file);
        File.Delete(file);
        using var settled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        settled.CancelAfter(TimeSpan.FromMinutes(3)); // reached only by a failure
        while (await IsForbiddenAsync())
            await Task.Delay(50, settled.Token);
    }

    private async Task<bool> IsForbiddenAsync()
    {
        try
        {
            await _connections["prod"].ListAsync(GrantObjectKind.RoleBinding, GrantMetadata.Selector, [], Cancellation);
            return false;
        }
        catch (HttpOperationException e) when (ClusterFailure.IsForbidden(e))
        {
            return true;
        }
    }

    private async Task CallAsync(string token)
    {
        using var client = new k8s.Kubernetes(
            new KubernetesClientConfiguration
            {
                Host = _cluster.Server.ToString(),
                SslCaCerts =
                [
                    System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(
                        Encoding.ASCII.GetBytes(_cluster.Authority)
                    ),
                ],
                AccessToken = token,
            }
        );
        await client.CoreV1.ListNamespaceAsync(cancellationToken: Cancellation);
    }
}
