using Azure.Identity;
using JitFunctions.Functions.Platform.AppIdentity;

namespace JitFunctions.Functions.Tests.Platform.AppIdentity;

public sealed class IdentityOptionsTests
{
    [Theory]
    [InlineData(IdentityKind.ManagedIdentity, typeof(ManagedIdentityCredential))]
    [InlineData(IdentityKind.WorkloadIdentity, typeof(WorkloadIdentityCredential))]
    [InlineData(IdentityKind.AzureCli, typeof(AzureCliCredential))]
    public void Each_kind_is_one_credential_and_no_chain(IdentityKind kind, Type credential)
    {
        var options = new IdentityOptions
        {
            Kind = kind,
            Workload = new()
            {
                TenantId = "t",
                ClientId = "c",
                TokenFile = "/dev/null",
            },
        };
        Assert.Empty(options.Errors());
        Assert.IsType(credential, new AppCredentials(options, TimeProvider.System).Make(string.Empty));
    }

    [Fact]
    public void Who_has_the_same_identity_shares_its_tokens()
    {
        var credentials = new AppCredentials(new() { ClientId = "app" }, TimeProvider.System);
        Assert.Same(credentials.For(null), credentials.For("app"));
        Assert.Same(credentials.For(""), credentials.For("app"));
        Assert.NotSame(credentials.For("other"), credentials.For("app"));
    }
}
