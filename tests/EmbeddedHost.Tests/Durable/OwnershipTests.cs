using JitFunctions.EmbeddedHost.History;
using JitFunctions.EmbeddedHost.Settings;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.Support;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

/// <summary>Two nodes by hand: whoever lost its work must not be able to store it, whatever it believes.</summary>
public sealed class OwnershipTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTime Noon = new(2026, 11, 23, 12, 0, 0, DateTimeKind.Utc);

    private string _connection = null!;
    private TaskHubDatabase _database = null!;
    private NodeLease _first = null!;
    private NodeLease _second = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ActivityStore Activities => new(_database, new HostJson("api", "1.0"), TimeProvider.System);

    private InstanceStore Instances => new(_database, TimeProvider.System);

    public async ValueTask InitializeAsync()
    {
        _connection = await postgres.NewDatabaseAsync();
        _database = Database(_connection);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => new Schema(_database).EnsureAsync(Cancellation)));
        _first = await NodeLease.AcquireAsync(_database, TimeSpan.FromMinutes(1), Cancellation);
        _second = await NodeLease.AcquireAsync(_database, TimeSpan.FromMinutes(1), Cancellation);
        await new ClientStore(_database, TimeProvider.System).StartAsync(
            new NewInstance("one", "Test", "", null, TimeProvider.System.GetUtcNow(), [], Trace: null),
            tellPeers: false,
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Work_goes_to_one_node_only_until_that_node_is_gone()
    {
        Assert.Equal(["one"], (await ClaimAsync(_first)).Instances);
        Assert.Empty((await ClaimAsync(_second)).Instances);
        await _first.DisposeAsync();

        Assert.Equal(["one"], (await ClaimAsync(_second)).Instances);
        Assert.Empty((await ClaimAsync(_first)).Instances);
    }

    [Fact]
    public async Task A_turn_of_a_node_that_lost_the_instance_is_refused_as_a_whole()
    {
        await ClaimAsync(_first);
        var loaded = await Instances.LoadAsync(_first.NodeId, "one", Cancellation);
        await _first.DisposeAsync();
        await ClaimAsync(_second);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => SaveAsync(_first, loaded!));

        Assert.True(Refusals.IsNotOwner(refused));
        await Assert.ThrowsAsync<NotOwnerException>(() => Instances.LoadAsync(_first.NodeId, "one", Cancellation));
        var untouched = await Instances.LoadAsync(_second.NodeId, "one", Cancellation);
        Assert.Empty(untouched!.History);
        Assert.NotNull(Assert.Single(untouched.Messages).Event.ExecutionStarted);
    }

    [Fact]
    public async Task The_result_of_a_node_that_lost_the_activity_is_refused_while_another_runs_it()
    {
        await ClaimAsync(_first);
        await SaveAsync(_first, (await Instances.LoadAsync(_first.NodeId, "one", Cancellation))!);
        var activity = Assert.Single((await ClaimAsync(_first)).Activities);
        await _first.DisposeAsync();
        Assert.Equal(activity, Assert.Single((await ClaimAsync(_second)).Activities));
        var refused = await Assert.ThrowsAsync<PostgresException>(() => FinishAsync(_first, "\"late\""));
        await FinishAsync(_second, "\"in time\"");

        Assert.True(Refusals.IsNotOwner(refused));
        await ClaimAsync(_second);
        var completed = Assert
            .Single((await Instances.LoadAsync(_second.NodeId, "one", Cancellation))!.Messages)
            .Event.TaskCompleted;
        Assert.Equal((1, "\"in time\""), (completed.TaskScheduledId, completed.Result));

        Task FinishAsync(NodeLease node, string result) =>
            Activities.FinishAsync(
                node.NodeId,
                activity,
                Events.TaskCompleted(1, result, Noon),
                claim: false,
                tellPeers: false,
                Cancellation
            );
    }

    [Fact]
    public async Task A_turn_leaves_as_many_of_its_activities_to_its_node_as_there_is_room_for()
    {
        await ClaimAsync(_first);
        var saved = await SaveAsync(
            _first,
            await Instances.LoadAsync(_first.NodeId, "one", Cancellation),
            claim: 2,
            "A",
            "A",
            "A"
        );

        Assert.Equal([(1, "A"), (2, "A")], saved.Claimed.Select(activity => (activity.TaskId, activity.Name)));
        Assert.True(saved.IsMoreToDo, "the third is for whoever claims it");
        var left = Assert.Single((await ClaimAsync(_second)).Activities);
        Assert.Equal(3, left.TaskId);
        await _first.DisposeAsync();
        Assert.Equal(
            saved.Claimed.Select(activity => activity.Id),
            (await ClaimAsync(_second)).Activities.Select(activity => activity.Id).Order()
        );
    }

    [Theory]
    [InlineData(2, typeof(UnknownOutcomeException))]
    [InlineData(0, typeof(NpgsqlException))]
    public async Task A_turn_without_an_answer_may_have_left_activities_to_its_node(int claim, Type thrown)
    {
        await ClaimAsync(_first);
        var loaded = await Instances.LoadAsync(_first.NodeId, "one", Cancellation);
        await using var other = await _database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await using var holds = new NpgsqlCommand("select from taskhub.instances where id = 'one' for update", other);
        await holds.ExecuteNonQueryAsync(Cancellation);

        // The answer is waited for no longer than a second, and a connection is left as it is then.
        await using var impatient = Database($"{_connection};Command Timeout=1;Cancellation Timeout=-1");
        await Assert.ThrowsAsync(thrown, () => SaveAsync(impatient, _first, loaded, claim, "A", "A"));
    }

    [Fact]
    public async Task A_result_takes_its_instance_along_with_all_that_the_next_turn_needs()
    {
        var activity = await FirstActivityAsync();
        var next = await FinishAsync(_first, activity);

        Assert.Equal("one", next!.Instance.Id);
        Assert.NotNull(Assert.Single(next.History, happened => happened.TaskScheduled is not null));
        Assert.Equal((await Instances.LoadAsync(_first.NodeId, "one", Cancellation)).History, next.History);
        Assert.Equal(activity.TaskId, Assert.Single(next.Messages).Event.TaskCompleted.TaskScheduledId);
        Assert.Empty((await ClaimAsync(_second)).Instances);
        var saved = await SaveAsync(_first, next, claim: 1, []);
        Assert.False(saved.IsMoreToDo);
        Assert.Empty(saved.Claimed);
    }

    [Theory]
    [InlineData("1.0", true)]
    [InlineData("0.9", false)]
    public async Task A_result_takes_no_instance_of_a_newer_version_along(string version, bool takes)
    {
        await new ClientStore(_database, TimeProvider.System).StartAsync(
            new NewInstance("two", "Test", "1.0", null, TimeProvider.System.GetUtcNow(), [], Trace: null),
            tellPeers: false,
            Cancellation
        );
        var activity = await FirstActivityAsync("two");

        Assert.Equal(takes, await FinishAsync(_first, activity, version) is not null);
        Assert.Equal(!takes, (await ClaimAsync(_second)).Instances.Contains("two"));
    }

    [Fact]
    public async Task A_result_does_not_take_along_what_another_node_has()
    {
        var activity = await FirstActivityAsync();
        await RaiseAsync();
        Assert.Equal(["one"], (await ClaimAsync(_second)).Instances);
        var turn = await Instances.LoadAsync(_second.NodeId, "one", Cancellation);

        Assert.Null(await FinishAsync(_first, activity));
        Assert.True((await SaveAsync(_second, turn)).IsMoreToDo, "the result came during the turn");
    }

    [Fact]
    public async Task A_node_that_others_hold_dead_takes_nothing_along()
    {
        var activity = await FirstActivityAsync();
        await _database
            .Source.CreateCommand($"delete from taskhub.nodes where id = {_first.NodeId}")
            .ExecuteNonQueryAsync(Cancellation);

        Assert.Null(await FinishAsync(_first, activity));
        Assert.Equal(["one"], (await ClaimAsync(_second)).Instances);
    }

    /// <summary>
    /// A message that came after the turn had looked for more, and before its transaction ended, would be told to
    /// nobody.
    /// </summary>
    [Theory]
    [InlineData("raised")]
    [InlineData("terminated")]
    [InlineData("completed")]
    public async Task A_message_waits_while_a_turn_of_its_instance_is_being_stored(string kind)
    {
        var activity = await FirstActivityAsync();
        await using var turn = await _database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await turn.BeginTransactionAsync(Cancellation);
        await using var store = turn.CreateCommand();
        store.CommandText = "update taskhub.instances set owner = null where id = 'one'";
        await store.ExecuteNonQueryAsync(Cancellation);

        var client = new ClientStore(_database, TimeProvider.System);
        Task message = kind switch
        {
            "raised" => RaiseAsync(),
            "terminated" => client.TerminateAsync("one", null, tellPeers: false, Cancellation),
            _ => FinishAsync(_first, activity),
        };
        await Eventually.HoldsAsync(WaitsForLockAsync, "the message waits");
        Assert.False(message.IsCompleted);
        await transaction.CommitAsync(Cancellation);
        await message;
    }

    [Fact]
    public async Task A_turn_says_whether_anything_waits_for_its_instance()
    {
        await ClaimAsync(_first);
        var loaded = await Instances.LoadAsync(_first.NodeId, "one", Cancellation);
        await RaiseAsync();

        Assert.True((await SaveAsync(_first, loaded, claim: 1)).IsMoreToDo);
        Assert.Equal(["one"], (await ClaimAsync(_first)).Instances);
        Assert.False(
            (
                await SaveAsync(_first, await Instances.LoadAsync(_first.NodeId, "one", Cancellation), claim: 1, [])
            ).IsMoreToDo
        );
    }

    [Fact]
    public async Task A_claim_that_used_all_its_room_may_have_left_something()
    {
        await ClaimAsync(_first);
        await SaveAsync(_first, await Instances.LoadAsync(_first.NodeId, "one", Cancellation), claim: 0, "A", "A");
        await RaiseAsync();
        await RaiseAsync();
        var queue = new WorkQueue(_database, new HostJson("api", "1.0"), TimeProvider.System);
        Task<ClaimedWork> Claim(int turns, int activities) =>
            queue.ClaimAsync(_first.NodeId, (["Test"], turns), (["a"], activities), Cancellation);

        Assert.True(
            (await Claim(2, 0)) is { Instances.Count: 1, MayBeMore: true },
            "two messages of one instance fill the room"
        );
        Assert.True((await Claim(2, 1)) is { Instances.Count: 0, Activities.Count: 1, MayBeMore: true });
        Assert.True((await Claim(2, 2)) is { Instances.Count: 0, Activities.Count: 1, MayBeMore: false });
        Assert.False((await Claim(0, 0)).MayBeMore);
    }

    [Fact]
    public async Task An_occurrence_of_a_timer_function_is_given_out_once()
    {
        var timers = new TimerStore(_database);
        Task<bool> Claim(NodeLease node, int second) =>
            timers.TryClaimAsync(node.NodeId, "Tick", Noon.AddSeconds(second), Cancellation);

        Assert.True(await Claim(_first, 1));
        Assert.False(await Claim(_second, 2), "the first run is still going on");
        await timers.ReleaseAsync(_first.NodeId, "Tick", Cancellation);
        Assert.False(await Claim(_second, 1), "that one is done");
        Assert.True(await Claim(_second, 3));
        await _second.DisposeAsync();
        Assert.True(await Claim(_first, 4));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1.0", true)]
    [InlineData("1.9", true)]
    [InlineData("1.10", true)]
    [InlineData("1.10.0", false)]
    [InlineData("1.11", false)]
    [InlineData("2.0", false)]
    public async Task A_node_leaves_the_instances_of_newer_versions_to_newer_nodes(string version, bool takes)
    {
        await new ClientStore(_database, TimeProvider.System).StartAsync(
            new NewInstance("two", "Test", version, null, TimeProvider.System.GetUtcNow(), [], Trace: null),
            tellPeers: false,
            Cancellation
        );

        Assert.Equal(takes, (await ClaimAsync(_first, "1.10")).Instances.Contains("two"));
        Assert.Equal(!takes, (await ClaimAsync(_second, "3.0")).Instances.Contains("two"));
    }

    [Fact]
    public async Task An_instance_of_a_newer_version_can_be_terminated_by_any_node()
    {
        var client = new ClientStore(_database, TimeProvider.System);
        await client.StartAsync(
            new NewInstance("two", "Test", "2.0", null, TimeProvider.System.GetUtcNow(), [], Trace: null),
            tellPeers: false,
            Cancellation
        );
        Assert.DoesNotContain("two", (await ClaimAsync(_first)).Instances);

        await client.TerminateAsync("two", null, tellPeers: false, Cancellation);

        Assert.Equal(["two"], (await ClaimAsync(_first)).Instances);
    }

    [Fact]
    public async Task A_role_that_may_not_make_tables_works_with_newer_ones_and_is_told_what_to_do_about_older_ones()
    {
        await _database.Source.CreateCommand("create role app login").ExecuteNonQueryAsync(Cancellation);
        await new Schema(_database).LetUseAsync("app", Cancellation);
        await using var database = new TaskHubDatabase(
            new ConfigurationManager
            {
                ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(_database.Source.ConnectionString)
                {
                    Username = "app",
                }.ConnectionString,
            }
        );
        async Task Revision(int number) =>
            await _database
                .Source.CreateCommand($"comment on schema taskhub is 'embedded host {number}'")
                .ExecuteNonQueryAsync(Cancellation);

        await Revision(99);
        await new Schema(database).EnsureAsync(Cancellation);
        await Revision(0);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            new Schema(database).EnsureAsync(Cancellation)
        );

        Assert.Contains("run 'schema'", refused.Message, StringComparison.Ordinal);
    }

    private Task<ClaimedWork> ClaimAsync(NodeLease node, string version = "1.0") =>
        new WorkQueue(_database, new HostJson("api", version), TimeProvider.System).ClaimAsync(
            node.NodeId,
            (["Test"], 10),
            (["a"], 10),
            Cancellation
        );

    private Task RaiseAsync() =>
        new ClientStore(_database, TimeProvider.System).RaiseAsync(
            "one",
            "letter",
            null,
            null,
            tellPeers: false,
            Cancellation
        );

    private async Task<ActivityWork> FirstActivityAsync(string instance = "one")
    {
        await ClaimAsync(_first);
        return Assert.Single(
            (
                await SaveAsync(_first, await Instances.LoadAsync(_first.NodeId, instance, Cancellation), claim: 1)
            ).Claimed
        );
    }

    private Task<LoadedInstance?> FinishAsync(NodeLease node, ActivityWork activity, string version = "1.0") =>
        new ActivityStore(_database, new HostJson("api", version), TimeProvider.System).FinishAsync(
            node.NodeId,
            activity,
            Events.TaskCompleted(activity.TaskId, "1", Noon),
            claim: true,
            tellPeers: false,
            Cancellation
        );

    private async Task<bool> WaitsForLockAsync()
    {
        await using var waiting = _database.Source.CreateCommand(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type "
                + "= 'Lock')"
        );
        return (bool)(await waiting.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Stores a turn that calls an activity.</summary>
    private static TaskHubDatabase Database(string connection) =>
        new(new ConfigurationManager { ["ConnectionStrings:Postgres"] = connection });

    private Task<SavedTurn> SaveAsync(NodeLease node, LoadedInstance loaded, int claim = 0) =>
        SaveAsync(node, loaded, claim, "A");

    private Task<SavedTurn> SaveAsync(NodeLease node, LoadedInstance loaded, int claim, params string[] called) =>
        SaveAsync(_database, node, loaded, claim, called);

    private static Task<SavedTurn> SaveAsync(
        TaskHubDatabase database,
        NodeLease node,
        LoadedInstance loaded,
        int claim,
        params string[] called
    )
    {
        var calls = called.Select(
            (name, i) =>
                new OrchestratorAction
                {
                    Id = i + 1,
                    ScheduleTask = new ScheduleTaskAction { Name = name, Input = "[]" },
                }
        );
        var begun = Turn.Begin(loaded.History, [.. loaded.Messages.Select(message => message.Event)], Noon);
        var turn = Turn.From(begun, new OrchestratorResponse { Actions = { calls } });
        return new TurnCommit(database, TimeProvider.System).SaveAsync(
            node.NodeId,
            loaded,
            turn,
            [],
            claim,
            tellPeers: false,
            Cancellation
        );
    }
}
