using Azure.Core;
using Azure.Identity;
using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Platform.Directory;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.Functions.Tests.Platform.Directory;

/// <summary>What is asked of Microsoft Graph, and that nothing but a clear answer gives groups.</summary>
public sealed class GraphDirectoryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly GraphAnswer Enabled = new(200, """{"accountEnabled":true}""");
    private static readonly GraphAnswer TwoGroups = new(
        200,
        """{"@odata.context":"…","value":["fee2c45b","4fe90ae7"]}"""
    );
    private static readonly GraphAnswer NoSuchPerson = new(
        404,
        """{"error":{"code":"Request_ResourceNotFound","message":"…"}}"""
    );
    private static readonly GraphAnswer Busy = new(503, """{"error":{"code":"serviceNotAvailable"}}""");

    private readonly EagerClock _clock = new(Noon);
    private readonly AppCredential _credential = new();
    private GraphSite _graph = null!;
    private GraphClient _calls = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _graph = await GraphSite.StartAsync();
        _calls = new GraphClient(new() { Endpoint = _graph.Address }, _credential, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        _calls.Dispose();
        await _graph.DisposeAsync();
    }

    [Fact]
    public async Task An_enabled_person_has_the_groups_that_Graph_lists()
    {
        var membership = await AskAsync([Enabled, TwoGroups]);
        Assert.Equal(["fee2c45b", "4fe90ae7"], membership.Groups);
        Assert.Null(membership.Detail);
        Assert.Equal(
            [
                new("GET", "/v1.0/users/alice%40example.com?$select=accountEnabled", "Bearer access", string.Empty),
                new(
                    "POST",
                    "/v1.0/users/alice%40example.com/getMemberGroups",
                    "Bearer access",
                    """{"securityEnabledOnly":false}"""
                ),
            ],
            _graph.Calls
        );
        Assert.Equal("https://graph.microsoft.com/.default", Assert.Single(_credential.Scopes.Distinct()));
    }

    [Fact]
    public async Task Nobody_of_that_name_is_in_no_group() =>
        DeniesForSure(await AskAsync([NoSuchPerson]), "knows nobody called alice@example.com", calls: 1);

    [Fact]
    public async Task Somebody_who_is_deleted_between_the_calls_is_in_no_group() =>
        DeniesForSure(await AskAsync([Enabled, NoSuchPerson]), "knows nobody called alice@example.com", calls: 2);

    [Fact]
    public async Task A_disabled_account_is_in_no_group_whatever_groups_it_has() =>
        DeniesForSure(await AskAsync([new(200, """{"accountEnabled":false}"""), TwoGroups]), "disabled", calls: 1);

    [Theory]
    [InlineData("{}")] // what Graph gives an app that may not read it
    [InlineData("""{"accountEnabled":null}""")]
    [InlineData("""{"accountEnabled":"true"}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("<html>")]
    public async Task Without_a_word_on_the_account_nothing_can_be_told(string user) =>
        CannotTell(await AskAsync([new(200, user), TwoGroups]), calls: 1);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"value":null}""")]
    [InlineData("""{"value":"payments-leads"}""")]
    [InlineData("""{"value":["fee2c45b",null]}""")]
    [InlineData("""{"value":[{"id":"fee2c45b"}]}""")]
    [InlineData("""["fee2c45b"]""")]
    [InlineData("""{"value":["fee2c45b" """)]
    [InlineData(
        """{"value":["fee2c45b"],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users/a/getMemberGroups?$skiptoken=x"}"""
    )] // a part
    public async Task A_list_of_groups_that_is_none_tells_nothing(string groups) =>
        CannotTell(await AskAsync([Enabled, new(200, groups)]), calls: 2);

    [Theory]
    [InlineData(202, "{}")]
    [InlineData(302, "{}")]
    [InlineData(400, """{"error":{"code":"Directory_ResultSizeLimitExceeded"}}""")]
    [InlineData(401, """{"error":{"code":"InvalidAuthenticationToken"}}""")]
    [InlineData(403, """{"error":{"code":"Authorization_RequestDenied"}}""")]
    [InlineData(404, "{}")] // nothing is there at all
    [InlineData(404, """{"error":"Request_ResourceNotFound"}""")]
    [InlineData(404, """{"error":{"code":"ResourceNotFound"}}""")]
    public async Task A_refusal_tells_nothing_and_is_not_asked_again(int status, string body)
    {
        CannotTell(await AskAsync([new(status, body, ("Location", $"{_graph.Address}elsewhere"))]), calls: 1);
        CannotTell(await AskAsync([Enabled, new(status, body)], again: true), calls: 3);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_busy_Graph_is_asked_again(int status)
    {
        var membership = await AskAsync([new(status, "{}"), Enabled, new(status, ""), new(status, ""), TwoGroups]);
        Assert.Equal(["fee2c45b", "4fe90ae7"], membership.Groups);
        Assert.Each(
            _clock.Waits,
            wait => Assert.InRange(wait, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1))
        );
    }

    [Fact]
    public async Task A_busy_Graph_is_not_asked_for_ever() =>
        CannotTell(await AskAsync([Busy]), calls: GraphClient.Attempts);

    [Fact]
    public async Task Retry_After_of_the_directory_is_honored()
    {
        var inThreeSeconds = Noon.AddSeconds(5).ToString("r"); // two are over by then
        Assert.NotNull(
            (
                await AskAsync([
                    new(429, "{}", ("Retry-After", "2")),
                    new(429, "{}", ("Retry-After", inThreeSeconds)),
                    Enabled,
                    TwoGroups,
                ])
            ).Groups
        );
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)], _clock.Waits);
    }

    [Fact]
    public async Task Who_would_have_to_wait_for_long_is_told_at_once()
    {
        CannotTell(await AskAsync([new(429, "{}", ("Retry-After", "60")), Enabled, TwoGroups]), calls: 1);
        Assert.Empty(_clock.Waits);
    }

    [Fact]
    public async Task A_call_that_hangs_is_given_up_and_made_again() =>
        Assert.NotNull((await AskAsync([new(null, ""), Enabled, TwoGroups])).Groups);

    [Fact]
    public async Task A_Graph_that_is_not_there_tells_nothing()
    {
        await _graph.DisposeAsync();
        CannotTell(await AskAsync([]), calls: 0);
    }

    [Fact]
    public async Task An_app_without_an_identity_asks_nothing()
    {
        _credential.Failure = new CredentialUnavailableException("IDENTITY_HEADER is hunter2");
        var membership = await AskAsync([Enabled, TwoGroups]);
        CannotTell(membership, calls: 0);
        Assert.DoesNotContain("hunter2", membership.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asked_may_give_up()
    {
        _graph.Answers = [new(null, "")];
        using var gone = new CancellationTokenSource();
        var asking = new GraphDirectory(_calls, NullLogger<GraphDirectory>.Instance).MembershipOfAsync(
            new("issuer#a", "alice@example.com"),
            gone.Token
        );
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData("alice_other.com#EXT#@example.com", "/v1.0/users/alice_other.com%23EXT%23%40example.com")]
    [InlineData("o'neill@example.com", "/v1.0/users/o%27neill%40example.com")]
    [InlineData("bob@example.com/manager", "/v1.0/users/bob%40example.com%2Fmanager")]
    [InlineData("bob@example.com?x=", "/v1.0/users/bob%40example.com%3Fx%3D")]
    [InlineData("bob%40example.com", "/v1.0/users/bob%2540example.com")]
    [InlineData(@"a\..\b", "/v1.0/users/a%5C..%5Cb")]
    [InlineData("zoë 1", "/v1.0/users/zo%C3%AB%201")]
    [InlineData("$count", "/v1.0/users('%24count')")]
    [InlineData("$o'neill", "/v1.0/users('%24o%27%27neill')")]
    [InlineData("..", "/v1.0/users('..')")]
    [InlineData(".", "/v1.0/users('.')")]
    [InlineData("", "/v1.0/users('')")]
    public async Task A_name_is_a_name_and_leads_nowhere_else(string name, string path)
    {
        await AskAsync([Enabled, TwoGroups], name);
        Assert.Equal(
            [$"{path}?$select=accountEnabled", $"{path}/getMemberGroups"],
            _graph.Calls.Select(call => call.Target)
        );
    }

    private async Task<Membership> AskAsync(
        IReadOnlyList<GraphAnswer> answers,
        string name = "alice@example.com",
        bool again = false
    )
    {
        _graph.Answers = again ? [.. Enumerable.Repeat(Busy, _graph.Calls.Count), .. answers] : answers;
        return await new GraphDirectory(_calls, NullLogger<GraphDirectory>.Instance).MembershipOfAsync(
            new Principal("issuer#a", name),
            Cancellation
        );
    }

    private void DeniesForSure(Membership membership, string because, int calls)
    {
        Assert.Empty(membership.Groups!);
        Assert.Contains(because, membership.Detail, StringComparison.Ordinal);
        Assert.Equal(calls, _graph.Calls.Count);
    }

    private void CannotTell(Membership membership, int calls)
    {
        Assert.Null(membership.Groups);
        Assert.StartsWith(
            "The groups of alice@example.com cannot be told now: ",
            membership.Detail,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', membership.Detail!);
        Assert.Equal(calls, _graph.Calls.Count);
    }

    private sealed class AppCredential : TokenCredential
    {
        public Exception? Failure { get; set; }

        public List<string> Scopes { get; } = [];

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        )
        {
            Scopes.AddRange(requestContext.Scopes);
            return Failure is null ? new(new AccessToken("access", Noon.AddHours(1))) : throw Failure;
        }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
