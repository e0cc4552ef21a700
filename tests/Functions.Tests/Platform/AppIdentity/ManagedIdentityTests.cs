using Azure.Core;
using Azure.Identity;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.LocalStack;

namespace JitFunctions.Functions.Tests.Platform.AppIdentity;

/// <summary>Azure's own library against the token endpoint of a function app.</summary>
[Collection(ProcessEnvironment.Collection)]
public sealed class ManagedIdentityTests : IAsyncLifetime
{
    private const string ApiServers = "6dae42f8-4368-4678-94ff-3960e28e3630";
    private static readonly TokenRequestContext ApiServer = new([$"{ApiServers}/.default"]);

    // The library keeps tokens for the whole process, by the identity's id.
    private readonly string _clientId = Guid.NewGuid().ToString();
    private ManagedIdentity _endpoint = null!;
    private readonly ClockAhead _clock = new();
    private TokenCredential _credential = null!;

    public async ValueTask InitializeAsync()
    {
        _endpoint = await ManagedIdentity.StartAsync(TestContext.Current.CancellationToken);
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", _endpoint.Endpoint.OriginalString);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", _endpoint.Header);
        _credential = new AppCredentials(new(), _clock).For(_clientId);
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", null);
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", null);
        await _endpoint.DisposeAsync();
    }

    [Fact]
    public async Task A_cluster_is_called_with_a_token_for_the_api_servers_of_AKS_of_the_identity_that_is_meant()
    {
        var header = await new EntraTokenProvider(_credential).GetAuthenticationHeaderAsync(
            TestContext.Current.CancellationToken
        );
        var issued = Assert.Single(_endpoint.Mint.Issued);
        Assert.Equal(("Bearer", issued.Value), (header.Scheme, header.Parameter));
        Assert.Equal((ApiServers, _clientId), (issued.Resource, issued.ClientId));
    }

    [Fact]
    public async Task Two_hundred_calls_at_once_ask_the_endpoint_once()
    {
        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AskAsync()));
        Assert.Equal([Assert.Single(_endpoint.Mint.Issued).Value], tokens.Distinct());
        Assert.Equal(1, _endpoint.Mint.Calls);
    }

    [Fact]
    public async Task Near_its_end_a_token_is_changed_for_a_new_one_and_calls_at_once_ask_once_for_it()
    {
        _endpoint.Mint.Lifetime = CachingCredential.RenewBefore + TimeSpan.FromSeconds(2);
        var first = await AskAsync();
        _endpoint.Mint.Lifetime = TimeSpan.FromHours(1);
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);

        while (
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AskAsync())) is var tokens && tokens.Contains(first)
        )
            Assert.NotNull(_endpoint.Mint.Find(first));
        Assert.Equal(2, _endpoint.Mint.Calls);
    }

    [Fact]
    public async Task An_endpoint_that_is_away_stops_nothing_while_the_token_is_good_and_everything_after()
    {
        // Azure.Identity has it for too near its end from the start, so each of its own callers would have to wait and
        // then fail.
        var good = TimeSpan.FromMinutes(3);
        _endpoint.Mint.Lifetime = CachingCredential.Margin + good;
        var first = await AskAsync();
        _endpoint.Mint.Away = true;
        Assert.Each(
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => AskAsync())),
            token => Assert.Equal(first, token)
        );

        _clock.Ahead = good;
        var failure = await Assert.ThrowsAnyAsync<AuthenticationFailedException>(AskAsync);
        Assert.False(ClusterFailure.IsFinal(failure));
        Assert.Equal(
            "prod cannot be called: the app's identity cannot get a token for it.",
            ClusterFailure.Describe(failure, "prod")
        );

        // A try that began during the outage is given up in time, and the next one finds the endpoint back.
        (_endpoint.Mint.Lifetime, _endpoint.Mint.Away) = (TimeSpan.FromHours(1), false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(4 * CachingCredential.LongestTry);
        while (await TryAskAsync() is not { } next || next == first)
            await Task.Delay(100, limit.Token);
    }

    [Fact]
    public async Task Whoever_lacks_the_header_of_the_app_gets_no_token()
    {
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", "guessed");
        await Assert.ThrowsAnyAsync<AuthenticationFailedException>(AskAsync);
        Assert.Empty(_endpoint.Mint.Issued);
    }

    private async Task<string?> TryAskAsync()
    {
        try
        {
            return await AskAsync();
        }
        catch (AuthenticationFailedException)
        {
            return null;
        }
    }

    private async Task<string> AskAsync() =>
        (await _credential.GetTokenAsync(ApiServer, TestContext.Current.CancellationToken)).Token;

    /// <summary>So that a token can end without a wait, and with no need for the test to be quick before.</summary>
    private sealed class ClockAhead : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
