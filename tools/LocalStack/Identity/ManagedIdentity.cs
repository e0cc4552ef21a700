using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// Simulates the token endpoints that Azure provides to an app with a managed identity: the one of App Service and the
/// one of virtual machines. Wire formats:
/// https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference and
/// https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#get-a-token-using-http.
/// </summary>
public sealed class ManagedIdentity : IAsyncDisposable
{
    private const string AppServicePath = "/msi/token";
    private const string AppServiceVersion = "2019-08-01";
    private const string MachinePath = "/metadata/identity/oauth2/token";
    private const string MachineVersion = "2018-02-01";

    private readonly TimeProvider _clock;
    private readonly WebApplication? _ownSite;

    internal ManagedIdentity(WebApplication site, Uri address, TimeProvider clock)
    {
        (_clock, Address, Mint) = (clock, address, new(clock));
        site.MapGet(AppServicePath, AppServiceAsync);
        site.MapGet(MachinePath, MachineAsync);
        site.MapGet(
            "/metadata/instance/compute",
            () => Results.Json(new { azEnvironment = "AzurePublicCloud", osType = "Linux" })
        );
    }

    private ManagedIdentity(WebApplication site, Uri address)
        : this(site, address, TimeProvider.System) => _ownSite = site;

    /// <summary>
    /// The value of AZURE_POD_IDENTITY_AUTHORITY_HOST on a virtual machine. It replaces http://169.254.169.254.
    /// </summary>
    public Uri Address { get; }

    /// <summary>The value of IDENTITY_ENDPOINT for the app.</summary>
    public Uri Endpoint => new(Address, AppServicePath);

    /// <summary>The value of IDENTITY_HEADER for the app. Without it, other processes cannot get its tokens.</summary>
    public string Header { get; } = Guid.NewGuid().ToString();

    public TokenMint Mint { get; }

    /// <summary>Starts an identity endpoint on its own site.</summary>
    public static async Task<ManagedIdentity> StartAsync(CancellationToken cancellation = default)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var site = LoopbackSite.Build(address);
        var identity = new ManagedIdentity(site, address);
        await site.StartAsync(cancellation);
        return identity;
    }

    public ValueTask DisposeAsync() => _ownSite?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Whether a call contains a token that the app got from this endpoint.</summary>
    internal bool Sent(HttpRequest call) =>
        call.Headers.Authorization is [{ } header]
        && header.StartsWith("Bearer ", StringComparison.Ordinal)
        && Mint.Find(header["Bearer ".Length..]) is not null;

    private async Task<IResult> AppServiceAsync(HttpRequest call)
    {
        if (call.Headers["X-IDENTITY-HEADER"] != Header)
            return Results.StatusCode(StatusCodes.Status401Unauthorized);
        if (call.Query["api-version"] != AppServiceVersion || call.Query["resource"] is not [{ Length: > 0 } resource])
            return Results.BadRequest();
        return await Mint.IssueAsync(resource, call.Query["client_id"]) is { } token
            ? Results.Json(
                new
                {
                    access_token = token.Value,
                    expires_on = Seconds(token),
                    resource,
                    token_type = "Bearer",
                    client_id = token.ClientId,
                }
            )
            : Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    // A call without the header does not come from the app's own code. It may be a forged call that the app forwarded
    // (SSRF).
    private async Task<IResult> MachineAsync(HttpRequest call)
    {
        if (call.Headers["Metadata"] != "true")
            return Error("Required metadata header not specified");
        if (call.Query["api-version"] != MachineVersion || call.Query["resource"] is not [{ Length: > 0 } resource])
            return Error("Required audience parameter not specified");
        if (await Mint.IssueAsync(resource, call.Query["client_id"]) is not { } token)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        var left = (long)(token.ExpiresOn - _clock.GetUtcNow()).TotalSeconds;
        return Results.Json(
            new
            {
                access_token = token.Value,
                refresh_token = "",
                expires_in = left.ToString(CultureInfo.InvariantCulture),
                expires_on = Seconds(token),
                resource,
                token_type = "Bearer",
            }
        );
    }

    private static string Seconds(MintedToken token) =>
        token.ExpiresOn.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static IResult Error(string description) =>
        Results.Json(
            new { error = "invalid_request", error_description = description },
            statusCode: StatusCodes.Status400BadRequest
        );
}
