namespace JitFunctions.Infrastructure.Tests;

public sealed class RoleTests
{
    // The names are Azure's: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles.
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["12338af0-0e69-4776-bea7-57ae8d297424"] = "Key Vault Crypto User",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    private const string HostStorage = "Microsoft.Storage/storageAccounts/jit*";
    private const string Policies =
        "Microsoft.Storage/storageAccounts/jitpol*/blobServices/default/containers/policies";
    private const string Checkpoints =
        "Microsoft.Storage/storageAccounts/jitchk*/blobServices/default/containers/checkpoints";
    private const string TaskHub = "Microsoft.DurableTask/schedulers/jit-*/taskHubs/jitaccess";
    private const string Vault = "Microsoft.KeyVault/vaults/jit-*";
    private const string Insights = "Microsoft.Insights/components/jit-*";

    public static TheoryData<string, string[]> Expected =>
        new()
        {
            {
                nameof(AzureInstallation.Dev),
                [
                    $"Monitoring Metrics Publisher on {Insights}",
                    $"Storage Blob Data Owner on {HostStorage}",
                    $"Storage Blob Data Reader on {Policies}",
                    $"Storage Queue Data Contributor on {HostStorage}",
                    $"Storage Table Data Contributor on {HostStorage}",
                ]
            },
            {
                nameof(AzureInstallation.Prod),
                [
                    $"Monitoring Metrics Publisher on {Insights}",
                    $"Storage Blob Data Owner on {HostStorage}",
                    $"Storage Blob Data Reader on {Policies}",
                    $"Storage Queue Data Contributor on {HostStorage}",
                    $"Storage Table Data Contributor on {HostStorage}",
                ]
            },
            {
                nameof(AzureInstallation.Full),
                [
                    $"Durable Task Data Contributor on {TaskHub}",
                    $"Key Vault Crypto User on {Vault}/keys/checkpoints",
                    $"Key Vault Secrets User on {Vault}",
                    $"Monitoring Metrics Publisher on {Insights}",
                    $"Storage Blob Data Contributor on {Checkpoints}",
                    $"Storage Blob Data Owner on {HostStorage}",
                    $"Storage Blob Data Reader on {Policies}",
                ]
            },
            {
                nameof(AzureInstallation.OnScheduler),
                [
                    $"Durable Task Data Contributor on {TaskHub}",
                    $"Monitoring Metrics Publisher on {Insights}",
                    $"Storage Blob Data Owner on {HostStorage}",
                    $"Storage Blob Data Reader on {Policies}",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Expected))]
    public void These_roles_are_given_and_no_others(string installation, string[] expected)
    {
        var resources = AzureInstallation.Named(installation);
        Assert.Equal(
            expected,
            resources
                .Of("Microsoft.Authorization/roleAssignments")
                .Select(assignment => Given(resources, assignment))
                .Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [MemberData(nameof(AzureInstallation.All), MemberType = typeof(AzureInstallation))]
    public void Only_the_identity_of_the_app_is_given_a_role(string installation)
    {
        var resources = AzureInstallation.Named(installation);
        var identity = resources.Single("Microsoft.ManagedIdentity/userAssignedIdentities");
        Assert.Each(
            resources.Of("Microsoft.Authorization/roleAssignments"),
            assignment =>
            {
                Assert.Equal(
                    $"[reference('{identity.Id}', '{identity["apiVersion"]}').principalId]",
                    assignment["properties.principalId"]
                );
                Assert.Equal("ServicePrincipal", assignment["properties.principalType"]);
            }
        );
        var site = resources.Single("Microsoft.Web/sites");
        Assert.Equal("UserAssigned", site["identity.type"]);
        Assert.Equal(identity.Id, Assert.Single(site.At("identity.userAssignedIdentities")!.AsObject()).Key);
    }

    // Else a condition that no installation here meets could hide one.
    [Fact]
    public void Roles_are_given_in_one_file_only() =>
        Assert.Equal(
            [Path.Combine("modules", "access.bicep")],
            CompileTests
                .Templates.Select(template => template.Data)
                .Where(template =>
                    File.ReadAllText(Path.Combine(BicepCompiler.Templates, template))
                        .Contains("Microsoft.Authorization/role", StringComparison.OrdinalIgnoreCase)
                    && !File.ReadAllText(Path.Combine(BicepCompiler.Templates, template))
                        .StartsWith("// Azure's built-in roles", StringComparison.Ordinal)
                )
        );

    [Fact]
    public void The_app_cannot_write_the_policies_that_bind_it()
    {
        var policies = Assert.Single(
            AzureInstallation.Full.Of("Microsoft.Storage/storageAccounts"),
            account => account.Name.StartsWith("jitpol", StringComparison.Ordinal)
        );
        var roles = AzureInstallation
            .Full.Of("Microsoft.Authorization/roleAssignments")
            .Where(assignment => assignment.Id.StartsWith(policies.Id + "/", StringComparison.Ordinal));
        Assert.Equal("Storage Blob Data Reader", Role(Assert.Single(roles)));
        // Nor through anything that lies above it.
        Assert.DoesNotContain(
            AzureInstallation.Full.Of("Microsoft.Authorization/roleAssignments"),
            assignment => policies.Id.StartsWith(assignment.Extended + "/", StringComparison.Ordinal)
        );
    }

    private static string Given(AzureInstallation installation, Resource assignment)
    {
        var extended = assignment.Extended.Split("/providers/")[^1];
        return $"{Role(assignment)} on {extended.Replace(installation.Suffix, "*", StringComparison.Ordinal)}";
    }

    private static string Role(Resource assignment) => Roles[assignment["properties.roleDefinitionId"]!.Split('/')[^1]];
}
