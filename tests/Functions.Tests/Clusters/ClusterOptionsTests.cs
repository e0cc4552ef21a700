using JitFunctions.Functions.Clusters;
using Microsoft.Extensions.Options;

namespace JitFunctions.Functions.Tests.Clusters;

public sealed class ClusterOptionsTests
{
    private const string Certificate = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t";

    [Fact]
    public void A_cluster_is_reached_in_exactly_one_way()
    {
        Refused(new(), "exactly one of");
        Refused(new() { InCluster = true, Aks = new() }, "exactly one of");
    }

    [Fact]
    public void A_kubeconfig_has_to_be_there() => Refused(new() { Kubeconfig = "/no/such/file" }, "no kubeconfig at /no/such/file");

    [Theory]
    [InlineData("http://aks.example", Certificate)]
    [InlineData("https://aks.example", null)]
    [InlineData(null, Certificate)]
    public void Aks_needs_https_and_its_certificate_authority(string? server, string? certificate) =>
        Refused(new() { Aks = new() { Server = server is null ? null : new Uri(server), CertificateAuthorityData = certificate } }, "Aks needs an https Server");

    private static void Refused(ClusterOptions options, string because)
    {
        var thrown = Assert.Throws<OptionsValidationException>(() => ClusterConnections.Create(new Dictionary<string, ClusterOptions> { ["prod"] = options }));
        Assert.Contains(because, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("'prod'", thrown.Message, StringComparison.Ordinal);
    }
}
