using Azure.Core;
using Npgsql;

namespace JitFunctions.Functions.Platform.AppIdentity;

/// <summary>
/// How the app signs in to its database: with the connection string, or with tokens of its identity as passwords.
/// </summary>
public sealed class PostgresOptions
{
    public const string Section = "Postgres";

    // Azure Database for PostgreSQL, in every tenant:
    // https://learn.microsoft.com/azure/postgresql/security/security-entra-configure.
    private static readonly TokenRequestContext Scope = new(["https://ossrdbms-aad.database.windows.net/.default"]);

    /// <summary>True to use tokens. A client id implies it.</summary>
    public bool EntraToken { get; init; }

    /// <summary>Client id of the identity that signs in; the app's own when absent.</summary>
    public string? ManagedIdentityClientId { get; init; }

    public bool SignsInWithTokens => EntraToken || !string.IsNullOrEmpty(ManagedIdentityClientId);

    internal IEnumerable<string> Errors(string connectionString)
    {
        if (!SignsInWithTokens)
            yield break;
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.Password is not null || settings.Passfile is not null)
            yield return "ConnectionStrings:Postgres has a password, "
                + "and Postgres:EntraToken or Postgres:ManagedIdentityClientId "
                + "sets tokens as passwords: remove one of them.";
        if (string.IsNullOrEmpty(settings.Username))
            yield return "ConnectionStrings:Postgres needs a Username: "
                + "the name of the database role that the app's identity has.";
        if (settings.SslMode is not (SslMode.VerifyCA or SslMode.VerifyFull) && !IsLoopback(settings.Host))
            yield return "ConnectionStrings:Postgres needs 'SSL Mode=VerifyFull' when tokens are used as passwords: "
                + "whoever reads a token can sign in with it.";
    }

    /// <summary>Every new connection requests the password again: the credential caches it.</summary>
    internal Action<NpgsqlDataSourceBuilder>? Configure(AppCredentials credentials)
    {
        if (!SignsInWithTokens)
            return null;
        var credential = credentials.For(ManagedIdentityClientId);
        return builder =>
            builder.UsePasswordProvider(
                _ => credential.GetToken(Scope, CancellationToken.None).Token,
                async (_, cancellation) => (await credential.GetTokenAsync(Scope, cancellation)).Token
            );
    }

    private static bool IsLoopback(string? hosts) =>
        (hosts ?? string.Empty)
            .Split(',')
            .All(host =>
                host == "localhost"
                || host.StartsWith('/')
                || (
                    System.Net.IPAddress.TryParse(host.Split(':')[0], out var address)
                    && System.Net.IPAddress.IsLoopback(address)
                )
            );
}
