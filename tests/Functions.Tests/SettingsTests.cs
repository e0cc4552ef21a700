using Microsoft.Extensions.Configuration;

namespace JitFunctions.Functions.Tests;

public sealed class SettingsTests : IDisposable
{
    private readonly SettingsFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Good_settings_are_read()
    {
        var settings = Read(_files.Good());
        Assert.Equal("jit", settings.Authentication.Audience);
        Assert.Equal("demo", Assert.Single(settings.Clusters).Key);
        Assert.Equal(
            ("oidc:", "oidc-groups:"),
            (settings.Clusters["demo"].UsernamePrefix, settings.Clusters["demo"].GroupsPrefix)
        );
        Assert.False(settings.CreateSchema);
        Assert.Equal(
            (null, TimeSpan.FromHours(24)),
            (settings.Directory.Graph.Endpoint, settings.Directory.TokensGoodFor)
        );
    }

    [Fact]
    public void A_cluster_may_have_a_name_that_no_setting_of_App_Service_can_have() =>
        Assert.Equal("prod-eu", Assert.Single(Read(_files.Good(("Clusters:demo:Name", "prod-eu"))).Clusters).Key);

    [Fact]
    public void The_directory_is_where_the_settings_say()
    {
        var directory = Read(
            _files.Good(
                ("Directory:Graph:Endpoint", "https://graph.microsoft.com"),
                ("Directory:Graph:ManagedIdentityClientId", "id"),
                ("Directory:TokensGoodFor", "08:00:00")
            )
        ).Directory;
        Assert.Equal(
            ("https://graph.microsoft.com/", "id", TimeSpan.FromHours(8)),
            (directory.Graph.Endpoint!.AbsoluteUri, directory.Graph.ManagedIdentityClientId, directory.TokensGoodFor)
        );
    }

    [Theory]
    [InlineData("ConnectionStrings:Postgres", null, "ConnectionStrings:Postgres is not set")]
    [InlineData("ConnectionStrings:Postgres", "", "ConnectionStrings:Postgres is not set")]
    [InlineData("ConnectionStrings:Postgres", "Database=jit", "ConnectionStrings:Postgres cannot be read")]
    [InlineData("ConnectionStrings:Postgres", "Host=db;Port=many", "ConnectionStrings:Postgres cannot be read")]
    [InlineData(
        "ConnectionStrings:Postgres",
        "postgres://jit:secret@db/jit?sslmode=require",
        "ConnectionStrings:Postgres cannot be read"
    )]
    [InlineData("Postgres:EntraToken", "perhaps", "Postgres:EntraToken")]
    [InlineData("Identity:Kind", "DefaultAzureCredential", "Identity:Kind")]
    [InlineData("Identity:Kind", "7", "Identity:Kind must be ManagedIdentity, WorkloadIdentity or AzureCli")]
    [InlineData("Authentication:Authority", null, "Authentication:Authority is not set")]
    [InlineData("Authentication:Authority", "http://", "Authentication:Authority")]
    [InlineData("Authentication:Audience", null, "Authentication:Audience is not set")]
    [InlineData("Authentication:RequireHttps", "perhaps", "Authentication:RequireHttps")]
    [InlineData("EventStore:CreateSchema", "perhaps", "EventStore:CreateSchema")]
    [InlineData(
        "Directory:Graph:Endpoint",
        "http://graph.example.com",
        "Directory:Graph:Endpoint must begin with https://"
    )]
    [InlineData(
        "Directory:Graph:ManagedIdentityClientId",
        "00000000-0000-0000-0000-000000000001",
        "set Directory:Graph:Endpoint too"
    )]
    [InlineData("Directory:TokensGoodFor", "24:00:00", "Directory:TokensGoodFor must be a time of up to 7 days")]
    [InlineData("Directory:TokensGoodFor", "a day", "Directory:TokensGoodFor")]
    [InlineData("Notifications:Webhook", "https://hooks.example.com/secret", "Notifications:Secret must be whsec_")]
    [InlineData("Notifications:Secret", "whsec_secret", "Notifications:Secret is set without Notifications:Webhook")]
    [InlineData("ReconcilerSchedule", null, "ReconcilerSchedule is not set")]
    [InlineData("Reconciler:Schedule", "0 * * * * *", "Reconciler:Schedule has a new name, ReconcilerSchedule")]
    [InlineData("Policies:Path", null, "Policies:Path is not set")]
    [InlineData("Installation:Id", "Blue Team", "Installation:Id must have at most 63")]
    [InlineData("Clusters:demo:Kubeconfig", null, "exactly one of")]
    [InlineData("Clusters:demo:InCluster", "perhaps", "Clusters:demo:InCluster")]
    [InlineData("Clusters:demo:Name", "a_b", "Cluster 'a_b'")]
    [InlineData("Clusters:other:Name", "demo", "Two clusters have the name 'demo'")]
    public void What_is_missing_or_wrong_is_said_in_one_line(string setting, string? value, string because)
    {
        var error = Assert.Single(Errors(_files.Good((setting, value))));
        Assert.Contains(because, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Database=jit;Username=jit;Password=secret;SSL Mode=VerifyFull", "has a password")]
    [InlineData("Host=db;Database=jit;Username=jit;Passfile=/secret;SSL Mode=VerifyFull", "has a password")]
    [InlineData("Host=db;Database=jit;SSL Mode=VerifyFull", "needs a Username")]
    [InlineData("Host=db;Database=jit;Username=jit", "needs 'SSL Mode=VerifyFull'")]
    [InlineData("Host=127.0.0.1,db;Database=jit;Username=jit", "needs 'SSL Mode=VerifyFull'")]
    [InlineData("Host=db;Database=jit;Username=jit;SSL Mode=Require", "needs 'SSL Mode=VerifyFull'")]
    [InlineData("Host=db;Database=jit;Username=jit;SSL Mode=VerifyFull", null)]
    [InlineData("Host=127.0.0.1;Database=jit;Username=jit", null)]
    public void Tokens_as_passwords_want_no_other_and_nobody_who_listens(string database, string? because)
    {
        foreach (var setting in new[] { ("Postgres:EntraToken", "true"), ("Postgres:ManagedIdentityClientId", "id") })
        {
            var settings = _files.Good(("ConnectionStrings:Postgres", database), setting);
            if (because is null)
                Assert.True(Read(settings).Postgres.SignsInWithTokens);
            else
                Assert.Contains(because, Assert.Single(Errors(settings)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_workload_identity_needs_what_the_cluster_gives_a_pod()
    {
        var missing = Errors(_files.Good(("Identity:Kind", "WorkloadIdentity")));
        Assert.Collection(
            missing,
            line => Assert.Contains("AZURE_TENANT_ID is not set", line, StringComparison.Ordinal),
            line => Assert.Contains("AZURE_CLIENT_ID is not set", line, StringComparison.Ordinal),
            line => Assert.Contains("AZURE_FEDERATED_TOKEN_FILE is not set", line, StringComparison.Ordinal)
        );

        var wrong = Errors(
            _files.Good(
                ("Identity:Kind", "WorkloadIdentity"),
                ("Identity:ClientId", "id"),
                ("AZURE_TENANT_ID", "t"),
                ("AZURE_FEDERATED_TOKEN_FILE", "/no/such/token"),
                ("AZURE_AUTHORITY_HOST", "http://login.example.com")
            )
        );
        Assert.Collection(
            wrong,
            line => Assert.Contains("/no/such/token, which does not exist", line, StringComparison.Ordinal),
            line => Assert.Contains("AZURE_AUTHORITY_HOST must be an https:// address", line, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_developer_has_no_client_id() =>
        Assert.Contains(
            "Identity:ClientId cannot be set with",
            Assert.Single(Errors(_files.Good(("Identity:Kind", "AzureCli"), ("Identity:ClientId", "id")))),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_old_name_of_the_schedule_alone_is_one_mistake() =>
        Assert.Contains(
            "ReconcilerSchedule: rename the setting",
            Assert.Single(Errors(_files.Good(("ReconcilerSchedule", null), ("Reconciler:Schedule", "0 * * * * *")))),
            StringComparison.Ordinal
        );

    [Fact]
    public void All_invalid_settings_are_reported_together() =>
        Assert.Equal(6, Errors(new Dictionary<string, string?>()).Count);

    private static Settings Read(IReadOnlyDictionary<string, string?> values) =>
        Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    private static IReadOnlyList<string> Errors(IReadOnlyDictionary<string, string?> values) =>
        Assert.Throws<InvalidSettingsException>(() => Read(values)).Errors;
}
