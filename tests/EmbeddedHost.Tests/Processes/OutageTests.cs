using System.Net;
using Grpc.Core;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;
using JitFunctions.LocalStack;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.EmbeddedHost.Tests.Processes;

public sealed class OutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_host_starts_without_PostgreSQL_works_when_it_comes_and_survives_its_restart()
    {
        await using var postgres = await PostgresServer.StartAsync(Cancellation);
        var connectionString = await postgres.CreateDatabaseAsync(cancellation: Cancellation);
        await postgres.StopAsync();

        await using var host = await TestHost.StartAsync(
            connectionString,
            builder => builder.Services.AddScoped<Scoped>()
        );
        using (var answer = await host.Http.GetAsync("api/greet/you/1", Cancellation))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Assert.ThrowsAsync<RpcException>(() => host.Client.GetInstanceAsync("x", Cancellation));

        await postgres.StartAgainAsync(Cancellation);
        await Eventually.HoldsAsync(() => TryStartAsync(host, "waiting"), "the first start after the outage");
        await Eventually.HoldsAsync(() => TryStartAsync(host, "sleeping"), "a second instance");
        await host.Client.WaitForInstanceStartAsync("waiting", Cancellation);
        await host.Client.RaiseEventAsync("waiting", "letter", "a", Cancellation);

        await postgres.StopAsync();
        await Assert.ThrowsAsync<RpcException>(() =>
            host.Client.RaiseEventAsync("waiting", "letter", "lost", Cancellation)
        );
        await postgres.StartAgainAsync(Cancellation);

        await Eventually.HoldsAsync(() => TryRaiseAsync(host, "b"), "an event after the restart");
        await Eventually.HoldsAsync(
            () => TryRaiseAsync(host, "c"),
            "another, perhaps on a connection from before the restart"
        );
        Assert.Equal("abc", (await host.CompletionAsync("waiting")).ReadOutputAs<string>());
        Assert.Equal(
            "12 plums",
            (await host.RunAsync(nameof(Orchestrations.Sequence), new Order("plums", 3))).ReadOutputAs<string>()
        );
    }

    private static async Task<bool> TryStartAsync(TestHost host, string id)
    {
        try
        {
            await host.Client.ScheduleNewOrchestrationInstanceAsync(
                nameof(Orchestrations.ThreeEvents),
                new StartOrchestrationOptions(id),
                Cancellation
            );
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private static async Task<bool> TryRaiseAsync(TestHost host, string letter)
    {
        try
        {
            await host.Client.RaiseEventAsync("waiting", "letter", letter, Cancellation);
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }
}
