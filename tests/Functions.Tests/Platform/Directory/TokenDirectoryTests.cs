using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace JitFunctions.Functions.Tests.Platform.Directory;

/// <summary>What tokens said is kept when it has to be, is never turned back, and is not believed for ever.</summary>
public sealed class TokenDirectoryTests : IClassFixture<EventStoreFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly LogLines<TokenGroups> _warnings = new();
    private readonly Principal _alice = new($"https://issuer#{Guid.NewGuid()}", "alice@example.com");
    private readonly EventStoreFixture _store;
    private readonly TokenGroups _seen;

    public TokenDirectoryTests(EventStoreFixture store) => (_store, _seen) = (store, AnotherNode(store));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Somebody_who_never_signed_in_is_unknown()
    {
        var membership = await AskAsync();
        Assert.Null(membership.Groups);
        Assert.Equal(
            "The groups of alice@example.com were never seen; any signed-in call shows them.",
            membership.Detail
        );
    }

    [Fact]
    public async Task The_latest_token_tells_the_groups()
    {
        await SeeAsync(Noon.AddMinutes(-10), "devs");
        await SeeAsync(Noon.AddMinutes(-9), "on-call", "devs");
        Assert.Equal(["devs", "on-call"], (await AskAsync()).Groups);
        await SeeAsync(Noon.AddMinutes(-9));
        var membership = await AskAsync();
        Assert.Empty(membership.Groups!);
        Assert.Null(membership.Detail);
    }

    [Fact]
    public async Task An_older_token_does_not_bring_a_lost_group_back_on_any_node()
    {
        var other = AnotherNode(_store);
        await SeeAsync(Noon.AddMinutes(-30), "devs", "leads");
        await SeeAsync(Noon.AddMinutes(-1), "devs");
        await SeeAsync(Noon.AddMinutes(-30), "devs", "leads");
        await other.NoteAsync(Token(Noon.AddMinutes(-2), "devs", "leads"));
        Assert.Equal(["devs"], (await AskAsync()).Groups);
    }

    [Fact]
    public async Task Tokens_are_good_for_a_time_from_their_issue_however_often_they_are_shown()
    {
        await SeeAsync(Noon, "devs");
        _clock.Advance(TimeSpan.FromHours(24));
        await SeeAsync(Noon, "devs");
        Assert.Equal(["devs"], (await AskAsync()).Groups);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await AnotherNode(_store).NoteAsync(Token(Noon, "devs"));
        var membership = await AskAsync();
        Assert.Null(membership.Groups);
        Assert.Equal(
            "The groups of alice@example.com are known from a token of 24 hours ago; signing in again renews them.",
            membership.Detail
        );

        await SeeAsync(_clock.GetUtcNow(), "devs");
        Assert.Equal(["devs"], (await AskAsync()).Groups);
    }

    [Theory]
    [InlineData("3.01:00:00", "3 days")]
    [InlineData("1.05:00:00", "29 hours")]
    [InlineData("01:59:59", "119 minutes")]
    [InlineData("00:01:01", "61 seconds")]
    public async Task Its_age_is_told_as_people_say_it(string age, string text)
    {
        await SeeAsync(Noon, "devs");
        _clock.Advance(TimeSpan.Parse(age, null));
        Assert.Contains(
            $"a token of {text} ago",
            (await AskAsync(goodFor: TimeSpan.FromMinutes(1))).Detail,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2036-01-01T00:00:00Z")] // an issuer with a wrong clock
    public async Task A_token_that_does_not_say_when_it_was_issued_counts_from_when_it_was_shown(string? issued)
    {
        await _seen.NoteAsync(Token(issued is null ? null : DateTimeOffset.Parse(issued, null), "devs"));
        Assert.Equal(Noon, (await StoredAsync())!.SeenAt);
    }

    [Fact]
    public async Task A_name_that_its_owner_gave_up_tells_nothing()
    {
        await SeeAsync(Noon, "devs");
        Assert.NotNull((await AskAsync(_alice with { Username = "Alice@example.com" })).Groups);
        await _seen.NoteAsync(
            Token(Noon, "devs") with
            {
                Principal = _alice with { Username = "alice.smith@example.com" },
            }
        );
        var membership = await AskAsync();
        Assert.Null(membership.Groups);
        Assert.Equal("alice@example.com signs in as alice.smith@example.com by now.", membership.Detail);
    }

    [Fact]
    public async Task A_token_that_does_not_list_the_groups_makes_them_unknown_until_one_does()
    {
        await SeeAsync(Noon.AddMinutes(-2), "devs");
        await _seen.NoteAsync(Token(Noon.AddMinutes(-1)) with { Groups = null });
        var membership = await AskAsync();
        Assert.Null(membership.Groups);
        Assert.Equal("The latest token of alice@example.com does not list their groups.", membership.Detail);

        await SeeAsync(Noon.AddMinutes(-2), "devs"); // an older one does not help
        Assert.Null((await AskAsync()).Groups);
        await SeeAsync(Noon, "devs");
        Assert.Equal(["devs"], (await AskAsync()).Groups);
    }

    [Fact]
    public async Task Another_person_of_the_same_name_is_another_person()
    {
        await SeeAsync(Noon, "devs");
        Assert.Null((await AskAsync(_alice with { Subject = $"{_alice.Subject}-2" })).Groups);
    }

    [Fact]
    public async Task An_account_of_which_only_the_name_is_known_is_found_by_it_in_any_case()
    {
        var name = $"Ops-{Guid.NewGuid()}@example.com";
        var directory = new TokenDirectory(_store.Documents, new(), _clock);
        Assert.Null((await directory.MembershipOfAccountAsync(name, Cancellation)).Groups);

        await _seen.NoteAsync(new(new("https://issuer#former", name), ["devs"], Noon.AddMinutes(-2), Noon.AddHours(3)));
        await _seen.NoteAsync(
            new(
                new("https://issuer#present", name.ToUpperInvariant()),
                ["admins"],
                Noon.AddMinutes(-1),
                Noon.AddHours(3)
            )
        );
        Assert.Equal(
            ["admins"],
            (await directory.MembershipOfAccountAsync(name.ToLowerInvariant(), Cancellation)).Groups
        );

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Null((await directory.MembershipOfAccountAsync(name, Cancellation)).Groups);
    }

    [Fact]
    public async Task Most_calls_write_nothing()
    {
        await SeeAsync(Noon, "devs", "leads");
        await ForgetAsync();
        await SeeAsync(Noon, "devs", "leads");
        await SeeAsync(Noon.AddMinutes(5).AddSeconds(-1), "leads", "devs");
        Assert.Null(await StoredAsync());

        _clock.Advance(TimeSpan.FromMinutes(5));
        await SeeAsync(Noon.AddMinutes(5), "devs", "leads");
        Assert.Equal(Noon.AddMinutes(5), (await StoredAsync())!.SeenAt);
    }

    [Fact]
    public async Task Tokens_that_are_not_good_for_long_are_renewed_sooner()
    {
        var options = new DirectoryOptions { TokensGoodFor = TimeSpan.FromSeconds(20) };
        var seen = new TokenGroups(_store.Api, options, _clock, _warnings);
        await seen.NoteAsync(Token(Noon, "devs"));
        _clock.Advance(options.TokensGoodFor);
        await seen.NoteAsync(Token(Noon.AddSeconds(4), "devs"));
        Assert.Equal(Noon, (await StoredAsync())!.SeenAt);
        await seen.NoteAsync(Token(Noon.AddSeconds(5), "devs"));
        Assert.Equal(Noon.AddSeconds(5), (await StoredAsync())!.SeenAt);
    }

    [Fact]
    public async Task Of_many_calls_at_once_on_many_nodes_the_newest_token_counts()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        var nodes = Enumerable.Range(0, 4).Select(_ => AnotherNode(_store)).ToList();
        await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => nodes[i % 4].NoteAsync(Token(Noon.AddMinutes(i), $"group-{i}")))
        );
        Assert.Empty(_warnings.Lines);
        Assert.Equal(["group-39"], (await AskAsync()).Groups);
    }

    [Fact]
    public async Task A_store_that_is_away_keeps_nobody_from_anything()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Database=jit;Username=jit");
        using var documents = DocumentStore.For(options => EventStore.Configure(options, nowhere, createSchema: false));
        await new TokenGroups(new(documents, null!), new(), _clock, _warnings).NoteAsync(Token(Noon, "devs"));
        Assert.Contains("alice@example.com", Assert.Single(_warnings.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_Graph_nothing_is_kept()
    {
        var options = new DirectoryOptions { Graph = new() { Endpoint = new("https://graph.microsoft.com") } };
        await new TokenGroups(_store.Api, options, _clock, _warnings).NoteAsync(Token(Noon, "devs"));
        Assert.Null(await StoredAsync());
    }

    private TokenGroups AnotherNode(EventStoreFixture store) => new(store.Api, new(), _clock, _warnings);

    private SignedInPerson Token(DateTimeOffset? issued, params string[] groups) =>
        new(_alice, groups, issued, Noon.AddHours(3));

    private Task SeeAsync(DateTimeOffset issued, params string[] groups) => _seen.NoteAsync(Token(issued, groups));

    private Task<Membership> AskAsync(Principal? person = null, TimeSpan? goodFor = null)
    {
        var options = goodFor is null ? new DirectoryOptions() : new() { TokensGoodFor = goodFor.Value };
        return new TokenDirectory(_store.Documents, options, _clock).MembershipOfAsync(person ?? _alice, Cancellation);
    }

    private async Task<TokenMembership?> StoredAsync()
    {
        await using var session = _store.Documents.QuerySession();
        return await session.LoadAsync<TokenMembership>(_alice.Subject, Cancellation);
    }

    private async Task ForgetAsync()
    {
        await using var session = _store.Documents.LightweightSession();
        session.Delete<TokenMembership>(_alice.Subject);
        await session.SaveChangesAsync(Cancellation);
    }
}
