using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace JitFunctions.Functions.Tests;

/// <summary>HTTP calls and the app's own work have connections apart.</summary>
public sealed class ApiStoreTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", Composition.ApiConnections)]
    [InlineData(";Maximum Pool Size=3", 3)]
    public async Task Calls_that_hold_every_connection_of_theirs_leave_those_of_activities_and_schedules(
        string settings,
        int most
    )
    {
        var services = new ServiceCollection();
        services.AddLogging();
        var credentials = new AppCredentials(new IdentityOptions(), TimeProvider.System);
        services.AddEventStore(
            $"{store.ConnectionString};Timeout=1{settings}",
            new PostgresOptions(),
            credentials,
            createSchema: true
        );
        await using var provider = services.BuildServiceProvider();
        var api = provider.GetRequiredService<ApiStore>();

        List<NpgsqlConnection> held = [];
        for (var i = 0; i < most; i++)
            held.Add(await api.Database.OpenConnectionAsync(Cancellation));
        await Assert.ThrowsAnyAsync<NpgsqlException>(async () => await api.Database.OpenConnectionAsync(Cancellation));

        await using (var session = provider.GetRequiredService<IDocumentStore>().QuerySession())
            Assert.Equal(1, Assert.Single(await session.QueryAsync<int>("select 1", Cancellation)));
        foreach (var connection in held)
            await connection.DisposeAsync();
    }
}
