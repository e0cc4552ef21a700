using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.Support;

namespace JitFunctions.EmbeddedHost.Tests.Processes;

public sealed class KillTests(PostgresFixture postgres)
{
    private static readonly string[] Steps = ["step 1", "step 2", "step 3", "left", "right"];

    [Fact]
    public async Task An_instance_survives_a_kill_between_any_two_of_its_steps()
    {
        await using var database = await SampleDatabase.CreateAsync(postgres);
        await using var node = SampleNode.Start(database, ("CrashEverywhere", "true"));
        await database.StartAsync("Relay", "relay");
        await database.RaiseAsync("relay", "go", "100");

        await Eventually.HoldsAsync(
            async () =>
            {
                if (node.HasExited)
                    await node.StartAgainAsync();
                return await database.StatusAsync("relay") is not ("Pending" or "Running");
            },
            "the relay finished"
        );

        Assert.Equal("136", await database.OutputAsync("relay"));
        var effects = await database.EffectsAsync("relay");
        Assert.Equal(Steps.Order(), effects.Select(effect => effect.Step).Distinct().Order());
        // Killed after its effect but before its result was stored, an activity runs once more; else never. Left and
        // right run side by side, so that a crash in one of them hits the other, too.
        Assert.Each(
            effects.CountBy(effect => effect.Step),
            step => Assert.InRange(step.Value, 2, step.Key is "left" or "right" ? 4 : 2)
        );
        Assert.Equal(2 * Steps.Length + 7, await database.ScalarAsync<long>("select count(*) from crashes"));
        Assert.Equal(
            Steps.Length,
            await database.ScalarAsync<long>(
                "select count(*) from taskhub.history where event->'taskCompleted' is not null"
            )
        );
    }
}
