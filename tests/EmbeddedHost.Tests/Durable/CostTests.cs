using System.Collections.Concurrent;
using System.Diagnostics;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Tests.Durable;

/// <summary>How often an orchestration asks PostgreSQL.</summary>
public sealed class CostTests(PostgresFixture postgres)
{
    /// <summary>
    /// A start, a claim, what the first turn reads, and from then on one round trip for each turn and each result.
    /// </summary>
    [Fact]
    public async Task A_step_costs_two_round_trips()
    {
        var connection = await postgres.NewDatabaseAsync();
        var database = new NpgsqlConnectionStringBuilder(connection).Database;
        ConcurrentQueue<string> asked = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = query =>
            {
                if (query.GetTagItem("db.namespace") is string name && name == database)
                    asked.Enqueue($"{query.GetTagItem("db.query.text")}");
            },
        };
        await using var host = await TestHost.StartAsync(connection, null, ("EmbeddedHost:PollInterval", "00:01:00"));
        await host.RunAsync(nameof(Orchestrations.Sequence), new Order("plums", 3));
        ActivitySource.AddActivityListener(listener);
        await host.RunAsync(nameof(Orchestrations.Sequence), new Order("plums", 3));

        Assert.Equal(
            ["start", "claim", "load", "turn", "result", "turn", "result", "turn"],
            asked.Select(KindOf).OfType<string>()
        );
    }

    /// <returns>Null for what does not belong to the orchestration: heartbeats, and the client's looking whether it has
    /// ended.</returns>
    private static string? KindOf(string query) =>
        query.Split('\n')[0] switch
        {
            "with created as (" => "start",
            "with ready as (" => "claim",
            "with turn as (" => "turn",
            var first when first.StartsWith("with done as", StringComparison.Ordinal) => "result",
            var first when first.StartsWith("select name, version", StringComparison.Ordinal) => "load",
            var first when first.StartsWith("select id, name, version", StringComparison.Ordinal) => null,
            var first when first.StartsWith("update taskhub.nodes", StringComparison.Ordinal) => null,
            var other => other,
        };
}
