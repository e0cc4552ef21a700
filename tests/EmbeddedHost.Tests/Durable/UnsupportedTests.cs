using Grpc.Core;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Entities;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

/// <summary>What this host does not have is refused in words, and never passed over in silence.</summary>
public sealed class UnsupportedTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, Func<DurableTaskClient, Task>> Calls =>
        new()
        {
            { "Suspend", client => client.SuspendInstanceAsync("live", "why not", Cancellation) },
            { "Resume", client => client.ResumeInstanceAsync("live", "why not", Cancellation) },
            { "Rewind", client => client.RewindInstanceAsync("live", "why not", Cancellation) },
            { "Restart", client => client.RestartAsync("live", cancellation: Cancellation) },
            {
                "Entity",
                client =>
                    client.Entities.SignalEntityAsync(
                        new EntityInstanceId("Counter", "one"),
                        "add",
                        1,
                        cancellation: Cancellation
                    )
            },
            {
                "Entity",
                client => client.Entities.GetEntityAsync(new EntityInstanceId("Counter", "one"), Cancellation)
            },
            { "Entity", client => client.Entities.CleanEntityStorageAsync(cancellation: Cancellation) },
        };

    [Theory]
    [InlineData(nameof(Unsupported.CallsSub), "CreateSubOrchestration")]
    [InlineData(nameof(Unsupported.CallsEntity), "entities")]
    [InlineData(nameof(Unsupported.SignalsEntity), "entities")]
    [InlineData(nameof(Unsupported.SendsEvent), "SendEvent")]
    public async Task An_orchestrator_that_asks_for_it_fails_and_nothing_of_its_turn_is_carried_out(
        string orchestrator,
        string what
    )
    {
        await using var host = await TestHost.StartAsync(await postgres.NewDatabaseAsync());
        var done = await host.RunAsync(orchestrator);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal(typeof(NotSupportedException).FullName, done.FailureDetails!.ErrorType);
        Assert.Contains(what, done.FailureDetails.ErrorMessage, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(host.Journal.Lines);
        Assert.Equal(0, await Database.CountAsync(host, "taskhub.activities"));
        Assert.Equal(0, await Database.CountAsync(host, "taskhub.inbox"));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task A_client_that_asks_for_it_is_told_so(string what, Func<DurableTaskClient, Task> call)
    {
        await using var host = await TestHost.StartAsync(await postgres.NewDatabaseAsync());
        await host.Client.ScheduleNewOrchestrationInstanceAsync(
            nameof(Orchestrations.ThreeEvents),
            new StartOrchestrationOptions("live"),
            Cancellation
        );
        await host.Client.WaitForInstanceStartAsync("live", Cancellation);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => call(host.Client));

        var words = refused is RpcException { StatusCode: StatusCode.Unimplemented } rpc
            ? rpc.Status.Detail
            : Assert.IsType<NotImplementedException>(refused).Message;
        Assert.Contains(what, words, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(
            OrchestrationRuntimeStatus.Running,
            (await host.Client.GetInstanceAsync("live", Cancellation))!.RuntimeStatus
        );
    }

    [Fact]
    public async Task An_app_with_an_entity_does_not_start_and_says_which_it_is()
    {
        var database = await postgres.NewDatabaseAsync();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            TestHost.StartAsync(database, settings: OptIn.With(nameof(Unsupported.Counter)))
        );

        Assert.Contains($"'{nameof(Unsupported.Counter)}'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("entit", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
