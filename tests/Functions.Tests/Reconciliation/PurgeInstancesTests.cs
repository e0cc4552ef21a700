using JitFunctions.Functions.Reconciliation;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace JitFunctions.Functions.Tests.Reconciliation;

public sealed class PurgeInstancesTests
{
    [Fact]
    public async Task Only_what_has_ended_and_was_started_a_week_ago_is_purged()
    {
        var now = new DateTimeOffset(2026, 3, 12, 3, 41, 0, TimeSpan.Zero);
        var engine = new RecordingClient();
        await new PurgeInstances(new FakeTimeProvider(now), NullLogger<PurgeInstances>.Instance).Run(
            new(),
            engine,
            TestContext.Current.CancellationToken
        );

        var filter = engine.Purged!;
        Assert.Equal(now.AddDays(-7), filter.CreatedTo);
        Assert.NotNull(filter.CreatedFrom); // without it the Functions host fails
        Assert.Equal(
            [
                OrchestrationRuntimeStatus.Completed,
                OrchestrationRuntimeStatus.Failed,
                OrchestrationRuntimeStatus.Terminated,
            ],
            filter.Statuses!
        );
    }
}
