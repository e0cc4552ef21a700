using System.Reflection;
using System.Text.RegularExpressions;
using JitFunctions.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.Infrastructure.Tests;

public sealed partial class SettingsTests
{
    // Read by the Functions host, the Durable Task extension and OpenTelemetry:
    // https://learn.microsoft.com/azure/azure-functions/functions-app-settings.
    private static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName",
        "AzureFunctionsJobHost__extensions__durableTask__storageProvider__type",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
        "OTEL_RESOURCE_ATTRIBUTES",
        "OTEL_SERVICE_NAME",
    ];

    [Fact]
    public void Every_setting_is_one_that_the_app_or_its_host_knows()
    {
        var known = Documented();
        var settings = EvaluatedSettings.Of(everything: true).Keys;
        Assert.Equal(OfTheHost, settings.Where(setting => !known.Contains(setting)).Order(StringComparer.Ordinal));
        // Azure takes no others.
        Assert.Each(settings, setting => Assert.Matches("^[A-Za-z0-9_.]+$", setting));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_app_starts_with_them(bool everything)
    {
        var settings = EvaluatedSettings
            .Of(everything)
            .ToDictionary(
                setting => setting.Key.Replace("__", ":", StringComparison.Ordinal),
                string? (setting) =>
                    setting.Key switch
                    {
                        // What the vault would put in their place.
                        "Notifications__Webhook" => "https://hooks.example.com/jit",
                        "Notifications__Secret" => $"whsec_{Convert.ToBase64String(new byte[32])}",
                        _ => setting.Value,
                    }
            );
        var read = Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        Assert.False(read.CreateSchema);
        Assert.Equal("prod", Assert.Single(read.Clusters).Key);
        Assert.Equal(everything ? "https://graph.microsoft.com/" : null, read.Directory.Graph.Endpoint?.AbsoluteUri);
        Assert.Equal(everything ? "https://hooks.example.com/jit" : null, read.Notifications.Webhook?.AbsoluteUri);
    }

    // By exactly the name that the timers ask for, whichever host resolves it.
    [Fact]
    public void The_schedule_of_the_timers_is_set_in_Azure_and_in_a_cluster()
    {
        const string Setting = "ReconcilerSchedule";
        Assert.Contains(
            typeof(Settings)
                .Assembly.GetTypes()
                .SelectMany(type => type.GetMethods())
                .SelectMany(method => method.GetParameters()),
            parameter => parameter.GetCustomAttribute<TimerTriggerAttribute>()?.Schedule == $"%{Setting}%"
        );
        Assert.Equal("0 * * * * *", EvaluatedSettings.Of(everything: false)[Setting]);
        var manifests = File.ReadLines(
            Path.Combine(BicepCompiler.Repository, "infra", "kubernetes", "app", "settings.env")
        );
        Assert.Contains($"{Setting}=0 * * * * *", manifests);
    }

    [Fact]
    public void Secrets_are_in_the_vault_and_nowhere_else()
    {
        var settings = EvaluatedSettings.Of(everything: true);
        Assert.Equal(
            "@Microsoft.KeyVault(SecretUri=https://vault.example.com/secrets/notifications-webhook)",
            settings["Notifications__Webhook"]
        );
        Assert.Equal(
            "@Microsoft.KeyVault(SecretUri=https://vault.example.com/secrets/notifications-secret)",
            settings["Notifications__Secret"]
        );
        Assert.Each(settings, setting => Assert.DoesNotMatch(SecretValue(), setting.Value));
        Assert.Each(
            settings.Where(setting => SecretName().IsMatch(setting.Key)),
            setting => Assert.StartsWith("@Microsoft.KeyVault(", setting.Value, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(
        "ConnectionStrings__Postgres",
        "Host=jit-test.postgres.database.azure.com;Database=jit;Username=jit-test;SSL Mode=VerifyFull"
    )]
    [InlineData(
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
        $"Endpoint=https://jit-test.westeurope.durabletask.io;TaskHub=jitaccess;Authentication=ManagedIdentity;ClientID={EvaluatedSettings.ClientId}"
    )]
    [InlineData(
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        $"ClientId={EvaluatedSettings.ClientId};Authorization=AAD"
    )]
    [InlineData("AzureWebJobsStorage__credential", "managedidentity")]
    public void Whatever_is_connected_to_is_by_identity(string setting, string value) =>
        Assert.Equal(value, EvaluatedSettings.Of(everything: true)[setting]);

    // One that is forgotten would fall back to an identity that the app has not.
    [Fact]
    public void Whatever_takes_an_identity_is_told_which()
    {
        var named = EvaluatedSettings
            .Of(everything: true)
            .Where(setting => setting.Key.EndsWith("ClientId", StringComparison.OrdinalIgnoreCase))
            .ToList();
        Assert.Each(named, setting => Assert.Equal(EvaluatedSettings.ClientId, setting.Value));
        Assert.Equal(
            [
                "AzureWebJobsStorage__clientId",
                "Clusters__prod__Aks__ManagedIdentityClientId",
                "Directory__Graph__ManagedIdentityClientId",
                "Policies__ManagedIdentityClientId",
                "Postgres__ManagedIdentityClientId",
            ],
            named.Select(setting => setting.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Without_a_scheduler_the_orchestrations_are_in_Azure_Storage()
    {
        var settings = EvaluatedSettings.Of(everything: false);
        Assert.Equal("AzureStorage", settings["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"]);
        Assert.DoesNotContain("DURABLE_TASK_SCHEDULER_CONNECTION_STRING", settings.Keys);
    }

    [Fact]
    public void A_cluster_whose_name_no_setting_can_have_is_named_in_one()
    {
        var settings = EvaluatedSettings.Of(everything: true, "prod-eu");
        Assert.Equal("prod-eu", settings["Clusters__prod_eu__Name"]);
        Assert.Equal("https://prod.example.com", settings["Clusters__prod_eu__Aks__Server"]);
        Assert.Each(settings.Keys, setting => Assert.Matches("^[A-Za-z0-9_.]+$", setting));
    }

    [Fact]
    public void The_app_has_these_settings_and_no_connection_strings_beside_them()
    {
        var site = BicepCompiler.Build(Path.Combine(BicepCompiler.Templates, "modules", "app.bicep"))["resources"]![
            "app"
        ]!["properties"]!["siteConfig"]!.AsObject();
        Assert.Null(site["connectionStrings"]);
        Assert.Null(site["appSettings"]);
        var copy = Assert.Single(site["copy"]!.AsArray(), loop => (string?)loop!["name"] == "appSettings");
        Assert.Equal("[length(items(parameters('settings')))]", (string?)copy!["count"]);
        Assert.Equal(
            """{"name":"[items(parameters('settings'))[copyIndex('appSettings')].key]","value":"[items(parameters('settings'))[copyIndex('appSettings')].value]"}""",
            copy["input"]!.ToJsonString(
                new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        );
    }

    [Fact]
    public void What_is_given_out_after_a_deployment_is_no_secret() =>
        Assert.Equal(
            [
                "AZURE_RESOURCE_GROUP",
                "JIT_API",
                "JIT_DATABASE_HOST",
                "JIT_IDENTITY_NAME",
                "JIT_IDENTITY_OBJECT_ID",
                "JIT_OPERATIONS_SUBNET",
                "JIT_OUTBOUND_ADDRESS",
                "JIT_POLICY_STORAGE",
                "JIT_VAULT",
            ],
            AzureInstallation.Full.Snapshot["outputs"]!
                .AsObject()
                .Select(output => output.Key)
                .Order(StringComparer.Ordinal)
        );

    // docs/hosting.md has each in backticks; "…" stands for what the one before it has.
    private static HashSet<string> Documented()
    {
        HashSet<string> names = [];
        foreach (
            var line in File.ReadLines(Path.Combine(BicepCompiler.Repository, "docs", "hosting.md"))
                .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        )
        {
            var before = string.Empty;
            foreach (Match name in Quoted().Matches(line.Split('|')[1]))
            {
                var full = name.Groups[1].Value.Replace("…", before, StringComparison.Ordinal);
                before = full[..Math.Max(0, full.LastIndexOf(':'))];
                names.Add(
                    full.Replace("NAME", "prod", StringComparison.Ordinal).Replace(":", "__", StringComparison.Ordinal)
                );
            }
        }

        return names;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("(AccountKey|SharedAccess|Password|Pwd|whsec_|[?&;]sig=)", RegexOptions.IgnoreCase)]
    private static partial Regex SecretValue();

    [GeneratedRegex("(Secret|Password|Webhook|AccessKey|AccountKey)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();
}
