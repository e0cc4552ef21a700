using JitFunctions.Functions.Actions;
using JitFunctions.Functions.Clusters;

namespace JitFunctions.Functions.Tests.Actions;

public sealed class AuditCredentialsTests
{
    private const string First = "0123456789abcdef0123456789abcdef";
    private const string Second = "fedcba9876543210fedcba9876543210";

    private readonly AuditCredentials _credentials = new(
        new Dictionary<string, ClusterOptions>
        {
            ["demo"] = new() { AuditTokens = [First, Second] },
            ["second"] = new() { AuditTokens = [$"{First}2"] },
            ["silent"] = new(),
        }
    );

    [Theory]
    [InlineData("demo", First, true)]
    [InlineData("demo", Second, true)]
    [InlineData("demo", $"{First}2", false)]
    [InlineData("second", First, false)]
    [InlineData("silent", First, false)]
    [InlineData("unknown", First, false)]
    [InlineData("Demo", First, false)]
    [InlineData("demo", "", false)]
    [InlineData("demo", null, false)]
    [InlineData("silent", "", false)]
    public void A_token_is_accepted_for_its_own_cluster_only(string cluster, string? token, bool accepted) =>
        Assert.Equal(accepted, _credentials.Accept(cluster, token));
}
