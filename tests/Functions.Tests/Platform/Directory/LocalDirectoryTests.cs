using Azure.Identity;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Tests.Platform.AppIdentity;
using JitFunctions.LocalStack;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.Functions.Tests.Platform.Directory;

/// <summary>
/// The directory of the local stack, asked as in production: with a token that Azure's own library gets from the
/// platform.
/// </summary>
[Collection(ProcessEnvironment.Collection)]
public sealed class LocalDirectoryTests : IAsyncLifetime
{
    private readonly Person _alice = new("alice", "alice@example.com", "payments-devs");
    private TokenIssuer _issuer = null!;
    private GraphClient _calls = null!;

    private UserDirectory Users => _issuer.Directory;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TokenIssuer.StartAsync(cancellation: TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", Users.Identity.Endpoint.OriginalString);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", Users.Identity.Header);
        // The library keeps tokens for the whole process, by the identity's id.
        var identity = new ManagedIdentityCredential(
            ManagedIdentityId.FromUserAssignedClientId(Guid.NewGuid().ToString())
        );
        _calls = new GraphClient(new() { Endpoint = Users.Address }, identity, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        _calls.Dispose();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task People_are_there_from_their_first_token_on_until_a_test_says_otherwise()
    {
        Assert.Contains("nobody", (await AskAsync()).Detail, StringComparison.Ordinal);
        _issuer.IssueToken(_alice);
        Assert.Equal(["payments-devs"], (await AskAsync()).Groups);
        _issuer.IssueToken(_alice with { Groups = ["payments-leads"] });
        Assert.Equal(["payments-devs"], (await AskAsync()).Groups);

        Users.SetGroups(_alice.UserName, "auditors");
        _issuer.IssueToken(_alice);
        Assert.Equal(["auditors"], (await AskAsync()).Groups);

        Users.Disable(_alice.UserName);
        _issuer.IssueToken(_alice);
        Assert.Contains("disabled", (await AskAsync()).Detail, StringComparison.Ordinal);

        Users.Remove(_alice.UserName);
        _issuer.IssueToken(_alice);
        Assert.Contains("nobody", (await AskAsync()).Detail, StringComparison.Ordinal);

        Users.SetGroups(_alice.UserName);
        Assert.Equal([], (await AskAsync()).Groups);
    }

    [Fact]
    public async Task While_it_is_away_nothing_can_be_told()
    {
        _issuer.IssueToken(_alice);
        Users.Stop();
        Assert.Null((await AskAsync()).Groups);
        Users.Start();
        await _issuer.StopAsync();
        Assert.Equal(["payments-devs"], (await AskAsync()).Groups);
    }

    [Fact]
    public async Task A_foreign_app_is_told_nothing()
    {
        _issuer.IssueToken(_alice);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "guessed");
        Assert.Null((await AskAsync()).Groups);
    }

    private Task<Membership> AskAsync() =>
        new GraphDirectory(_calls, NullLogger<GraphDirectory>.Instance).MembershipOfAsync(
            new("issuer#a", _alice.UserName),
            TestContext.Current.CancellationToken
        );
}
