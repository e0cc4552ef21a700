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
        Assert.Equal(("oidc:", "oidc-groups:"), (settings.Clusters["demo"].UsernamePrefix, settings.Clusters["demo"].GroupsPrefix));
        Assert.False(settings.CreateSchema);
        Assert.Equal((null, TimeSpan.FromHours(24)), (settings.Directory.Graph.Endpoint, settings.Directory.TokensGoodFor));
    }

    [Fact]
    public void The_directory_is_where_the_settings_say()
    {
        var directory = Read(_files.Good(
            ("Directory:Graph:Endpoint", "https://graph.microsoft.com"), ("Directory:Graph:ManagedIdentityClientId", "id"), ("Directory:TokensGoodFor", "08:00:00"))).Directory;
        Assert.Equal(("https://graph.microsoft.com/", "id", TimeSpan.FromHours(8)), (directory.Graph.Endpoint!.AbsoluteUri, directory.Graph.ManagedIdentityClientId, directory.TokensGoodFor));
    }

    [Theory]
    [InlineData("ConnectionStrings:Postgres", null, "ConnectionStrings:Postgres is not set")]
    [InlineData("ConnectionStrings:Postgres", "", "ConnectionStrings:Postgres is not set")]
    [InlineData("ConnectionStrings:Postgres", "Database=jit", "ConnectionStrings:Postgres cannot be read")]
    [InlineData("ConnectionStrings:Postgres", "Host=db;Port=many", "ConnectionStrings:Postgres cannot be read")]
    [InlineData("ConnectionStrings:Postgres", "postgres://jit:secret@db/jit?sslmode=require", "ConnectionStrings:Postgres cannot be read")]
    [InlineData("Authentication:Authority", null, "Authentication:Authority is not set")]
    [InlineData("Authentication:Authority", "http://", "Authentication:Authority")]
    [InlineData("Authentication:Audience", null, "Authentication:Audience is not set")]
    [InlineData("Authentication:RequireHttps", "perhaps", "Authentication:RequireHttps")]
    [InlineData("EventStore:CreateSchema", "perhaps", "EventStore:CreateSchema")]
    [InlineData("Directory:Graph:Endpoint", "http://graph.example.com", "Directory:Graph:Endpoint must begin with https://")]
    [InlineData("Directory:Graph:ManagedIdentityClientId", "00000000-0000-0000-0000-000000000001", "set Directory:Graph:Endpoint too")]
    [InlineData("Directory:TokensGoodFor", "24:00:00", "Directory:TokensGoodFor is a time of up to 7 days")]
    [InlineData("Directory:TokensGoodFor", "a day", "Directory:TokensGoodFor")]
    [InlineData("Notifications:Webhook", "https://hooks.example.com/secret", "Notifications:Secret must be whsec_")]
    [InlineData("Notifications:Secret", "whsec_secret", "Notifications:Secret is set without Notifications:Webhook")]
    [InlineData("Reconciler:Schedule", null, "Reconciler:Schedule is not set")]
    [InlineData("Policies:Path", null, "Policies:Path is not set")]
    [InlineData("Clusters:demo:Kubeconfig", null, "exactly one of")]
    [InlineData("Clusters:demo:InCluster", "perhaps", "Clusters:demo:InCluster")]
    public void What_is_missing_or_wrong_is_said_in_one_line(string setting, string? value, string because)
    {
        var error = Assert.Single(Errors(_files.Good((setting, value))));
        Assert.Contains(because, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once() => Assert.Equal(6, Errors(new Dictionary<string, string?>()).Count);

    private static Settings Read(IReadOnlyDictionary<string, string?> values) => Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    private static IReadOnlyList<string> Errors(IReadOnlyDictionary<string, string?> values) => Assert.Throws<InvalidSettingsException>(() => Read(values)).Errors;
}
