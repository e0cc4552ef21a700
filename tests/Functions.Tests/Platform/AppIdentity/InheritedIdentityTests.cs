using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Platform.AppIdentity;

/// <summary>
/// An app that a test starts has the identity that the test gives it: other tests change the environment of this
/// process meanwhile.
/// </summary>
public sealed class InheritedIdentityTests
{
    private static readonly Uri Address = new("http://127.0.0.1:20000");

    [Theory]
    [InlineData("IDENTITY_ENDPOINT")]
    [InlineData("IDENTITY_HEADER")]
    [InlineData("AZURE_POD_IDENTITY_AUTHORITY_HOST")]
    [InlineData("AZURE_FEDERATED_TOKEN_FILE")]
    public void What_this_process_has_is_taken_from_it(string name) =>
        Assert.Null(
            Assert.Contains(
                name,
                HostCommand.Embedded.Plan(Address, new Dictionary<string, string?>(), "scratch", "log").Environment
            )
        );

    [Fact]
    public void What_the_test_says_is_given_to_it() =>
        Assert.Equal(
            "x",
            HostCommand
                .Embedded.Plan(
                    Address,
                    new Dictionary<string, string?> { ["IDENTITY_ENDPOINT"] = "x" },
                    "scratch",
                    "log"
                )
                .Environment["IDENTITY_ENDPOINT"]
        );
}
