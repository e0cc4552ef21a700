using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Functions.Policies;
using JitFunctions.PolicyReading;
using Microsoft.Extensions.Configuration;

namespace JitFunctions.Functions.Tests.Policies;

public sealed class PolicySourceOptionsTests
{
    private const string Container = "https://account.blob.core.windows.net/policies";
    private static readonly AppCredentials Credentials = new(new(), TimeProvider.System);

    [Fact]
    public void A_path_is_a_folder_or_a_file()
    {
        var options = Read(("Path", "/etc/jit/policies"));
        Assert.Empty(options.Errors());
        Assert.IsType<FolderPolicySource>(options.Open(Credentials));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("9b6f3c1e-0000-0000-0000-000000000000")]
    public void A_container_is_read_by_an_identity(string? identity)
    {
        var options = Read(("Container", Container), ("ManagedIdentityClientId", identity));
        Assert.Empty(options.Errors());
        Assert.Equal($"container {Container}", Assert.IsType<BlobPolicySource>(options.Open(Credentials)).Name);
    }

    [Theory]
    [InlineData(null, null, null, "Policies:Path is not set")]
    [InlineData(" ", "", null, "Policies:Path is not set")]
    [InlineData(
        "/etc/jit",
        Container,
        null,
        "Policies:Path is not set: name the policy file, or the folder of policy files; or set "
            + "Policies:Container instead, never both."
    )]
    [InlineData("/etc/jit", null, "9b6f3c1e", "Policies:ManagedIdentityClientId is for Policies:Container")]
    [InlineData(
        null,
        "http://account.blob.core.windows.net/policies",
        null,
        "Policies:Container must be the https:// address"
    )]
    [InlineData(null, "https://account.blob.core.windows.net", null, "Policies:Container must be the https:// address")]
    [InlineData(
        null,
        "https://account.blob.core.windows.net/policies/",
        null,
        "Policies:Container must be the https:// address"
    )]
    [InlineData(
        null,
        "https://account.blob.core.windows.net/policies/folder",
        null,
        "Policies:Container must be the https:// address"
    )]
    [InlineData(
        null,
        "https://account.blob.core.windows.net/policies?sig=secret",
        null,
        "Policies:Container must be the https:// address"
    )]
    [InlineData(
        null,
        "https://user:secret@account.blob.core.windows.net/policies",
        null,
        "Policies:Container must be the https:// address"
    )]
    [InlineData(null, "policies", null, "Policies:Container must be the https:// address")]
    public void What_is_wrong_is_said_in_one_line(string? path, string? container, string? identity, string error)
    {
        var found = Assert.Single(
            Read(("Path", path), ("Container", container), ("ManagedIdentityClientId", identity)).Errors()
        );
        Assert.StartsWith(error, found, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", found, StringComparison.Ordinal);
    }

    private static PolicySourceOptions Read(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.ToDictionary(setting => $"Policies:{setting.Name}", setting => setting.Value)
            )
            .Build()
            .GetSection(PolicySourceOptions.Section)
            .Get<PolicySourceOptions>()
        ?? new();
}
