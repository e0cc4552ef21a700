using DurableTask.Core.Exceptions;
using JitFunctions.EmbeddedHost.Storage;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

public sealed class ClientTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DurableTaskClient Client => _host.Client;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(await postgres.NewDatabaseAsync());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Starting_a_live_id_again_is_refused_and_does_not_disturb_it()
    {
        await StartAsync(nameof(Orchestrations.ThreeEvents), "one");
        await Client.RaiseEventAsync("one", "letter", "a", Cancellation);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() =>
            StartAsync(nameof(Orchestrations.ThreeEvents), "one")
        );
        await Client.WaitForInstanceStartAsync("one", Cancellation);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() =>
            StartAsync(nameof(Orchestrations.Facts), "one")
        );

        await Client.RaiseEventAsync("one", "letter", "b", Cancellation);
        await Client.RaiseEventAsync("one", "letter", "c", Cancellation);
        Assert.Equal("abc", (await _host.CompletionAsync("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Of_many_starts_at_once_with_one_id_exactly_one_succeeds()
    {
        var starts = Enumerable
            .Range(0, 20)
            .Select(async _ =>
            {
                try
                {
                    await StartAsync(nameof(Orchestrations.ThreeEvents), "race");
                    return 1;
                }
                catch (OrchestrationAlreadyExistsException)
                {
                    return 0;
                }
            });

        Assert.Equal(1, (await Task.WhenAll(starts)).Sum());
    }

    [Fact]
    public async Task Starting_a_finished_id_replaces_it()
    {
        await StartAsync(nameof(Orchestrations.Facts), "again");
        var first = await _host.CompletionAsync("again");
        await Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.Sequence),
            new Order("pears", 1),
            new StartOrchestrationOptions("again"),
            Cancellation
        );
        var second = await _host.CompletionAsync("again");

        Assert.Equal("4 pears", second.ReadOutputAs<string>());
        Assert.True(second.CreatedAt > first.CreatedAt);
    }

    [Fact]
    public async Task Dedupe_statuses_protect_a_finished_instance()
    {
        await StartAsync(nameof(Orchestrations.Facts), "kept");
        await _host.CompletionAsync("kept");
        var options = new StartOrchestrationOptions("kept").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() =>
            Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Facts), options, Cancellation)
        );
    }

    [Fact]
    public async Task Starting_an_unknown_orchestrator_is_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => StartAsync("NoSuchOrchestrator", "x"));

    [Fact]
    public async Task A_version_that_cannot_be_compared_is_refused()
    {
        var options = new StartOrchestrationOptions { Version = new TaskVersion("next") };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Facts), options, Cancellation)
        );

        Assert.Contains("'next'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_of_a_newer_version_waits_for_a_newer_node()
    {
        var options = new StartOrchestrationOptions("new") { Version = new TaskVersion("1.6") };
        await Client.ScheduleNewOrchestrationInstanceAsync(nameof(Orchestrations.Facts), options, Cancellation);
        await Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.Facts),
            new StartOrchestrationOptions("old") { Version = new TaskVersion("1.4") },
            Cancellation
        );

        Assert.Equal("1.4", (await _host.CompletionAsync("old")).ReadOutputAs<string[]>()![2]);
        Assert.Equal(
            OrchestrationRuntimeStatus.Pending,
            (await Client.GetInstanceAsync("new", Cancellation))!.RuntimeStatus
        );
    }

    [Fact]
    public async Task A_delayed_start_waits_even_when_an_event_comes_first()
    {
        var startAt = DateTimeOffset.Parse("2100-01-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
        await Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.ThreeEvents),
            new StartOrchestrationOptions("later", startAt),
            Cancellation
        );
        await Client.RaiseEventAsync("later", "letter", "a", Cancellation);
        await _host.RunAsync(nameof(Orchestrations.Facts));

        Assert.Equal(
            OrchestrationRuntimeStatus.Pending,
            (await Client.GetInstanceAsync("later", Cancellation))!.RuntimeStatus
        );
        await Client.TerminateInstanceAsync("later", "never mind", Cancellation);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await _host.CompletionAsync("later")).RuntimeStatus);
    }

    [Fact]
    public async Task A_terminated_instance_ends_with_the_output_given_and_takes_no_more_events()
    {
        await StartAsync(nameof(Orchestrations.ThreeEvents), "ended");
        await Client.WaitForInstanceStartAsync("ended", Cancellation);
        await Client.TerminateInstanceAsync("ended", "enough", Cancellation);
        var ended = await _host.CompletionAsync("ended");
        await Client.RaiseEventAsync("ended", "letter", "late", Cancellation);
        await Client.TerminateInstanceAsync("ended", "twice", Cancellation);
        await Client.TerminateInstanceAsync("unknown", Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, ended.RuntimeStatus);
        Assert.Equal("enough", ended.ReadOutputAs<string>());
        Assert.Equal(0, await Database.CountAsync(_host, "taskhub.inbox"));
    }

    [Fact]
    public async Task Purge_removes_a_finished_instance_with_all_its_rows_and_leaves_a_live_one()
    {
        await StartAsync(nameof(Orchestrations.Facts), "done");
        await StartAsync(nameof(Orchestrations.ThreeEvents), "live");
        await _host.CompletionAsync("done");
        await Client.WaitForInstanceStartAsync("live", Cancellation);

        Assert.Equal(0, (await Client.PurgeInstanceAsync("live", Cancellation)).PurgedInstanceCount);
        Assert.Equal(1, (await Client.PurgeInstanceAsync("done", Cancellation)).PurgedInstanceCount);
        Assert.Null(await Client.GetInstanceAsync("done", Cancellation));
        Assert.Equal(0, await Database.CountAsync(_host, "taskhub.history where instance_id = 'done'"));
        Assert.NotNull(await Client.GetInstanceAsync("live", Cancellation));
    }

    [Fact]
    public async Task Purge_by_filter_takes_only_what_matches()
    {
        foreach (var id in new[] { "f1", "f2", "f3" })
        {
            await StartAsync(nameof(Orchestrations.Facts), id);
            await _host.CompletionAsync(id);
        }

        var second = (await Client.GetInstanceAsync("f2", Cancellation))!;
        var upTo = new PurgeInstancesFilter(
            CreatedTo: second.CreatedAt,
            Statuses: [OrchestrationRuntimeStatus.Completed]
        );

        Assert.Equal(
            0,
            (
                await Client.PurgeAllInstancesAsync(
                    upTo with
                    {
                        Statuses = [OrchestrationRuntimeStatus.Failed],
                    },
                    Cancellation
                )
            ).PurgedInstanceCount
        );
        Assert.Equal(2, (await Client.PurgeAllInstancesAsync(upTo, Cancellation)).PurgedInstanceCount);
        Assert.NotNull(await Client.GetInstanceAsync("f3", Cancellation));
    }

    [Fact]
    public async Task Retention_takes_finished_instances_by_the_time_of_their_end_and_stray_messages_after_a_minute()
    {
        var purge = _host.Services.GetRequiredService<Purge>();
        await StartAsync(nameof(Orchestrations.Facts), "old");
        await StartAsync(nameof(Orchestrations.ThreeEvents), "live");
        var old = await _host.CompletionAsync("old");
        await Client.RaiseEventAsync("never started", "letter", "a", Cancellation);

        Assert.Equal(0, await purge.FinishedBeforeAsync(old.LastUpdatedAt, Cancellation));
        await purge.StrayMessagesAsync(Cancellation);
        Assert.Equal(1, await Database.CountAsync(_host, "taskhub.inbox where instance_id = 'never started'"));
        Assert.Equal(1, await purge.FinishedBeforeAsync(old.LastUpdatedAt.AddMilliseconds(1), Cancellation));

        var inAMinute = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + Purge.EarlyEventRetention);
        await new Purge(_host.Services.GetRequiredService<TaskHubDatabase>(), inAMinute).StrayMessagesAsync(
            Cancellation
        );
        Assert.Equal(0, await Database.CountAsync(_host, "taskhub.inbox where instance_id = 'never started'"));
        Assert.NotNull(await Client.GetInstanceAsync("live", Cancellation));
    }

    [Fact]
    public async Task Queries_filter_and_page()
    {
        foreach (var number in Enumerable.Range(1, 5))
            await StartAsync(nameof(Orchestrations.ThreeEvents), $"page-{number}");
        await StartAsync(nameof(Orchestrations.Facts), "other");
        await _host.CompletionAsync("other");

        Assert.Equal(
            ["page-1", "page-2", "page-3", "page-4", "page-5"],
            await IdsAsync(new OrchestrationQuery(InstanceIdPrefix: "page-", PageSize: 2))
        );
        Assert.Equal(
            ["other"],
            await IdsAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Completed]))
        );
        Assert.Equal(6, (await IdsAsync(new OrchestrationQuery())).Length);
    }

    [Fact]
    public async Task Data_is_read_only_on_request()
    {
        await StartAsync(nameof(Orchestrations.Facts), "bare");
        await _host.CompletionAsync("bare");
        var bare = (await Client.GetInstanceAsync("bare", Cancellation))!;

        Assert.Null(bare.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => bare.ReadOutputAs<string[]>());
        Assert.Null(await Client.GetInstanceAsync("unknown", Cancellation));
    }

    private Task<string> StartAsync(string orchestrator, string id) =>
        Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, new StartOrchestrationOptions(id), Cancellation);

    private async Task<string[]> IdsAsync(OrchestrationQuery query)
    {
        List<string> ids = [];
        await foreach (var instance in Client.GetAllInstancesAsync(query).WithCancellation(Cancellation))
            ids.Add(instance.InstanceId);
        return [.. ids];
    }
}
