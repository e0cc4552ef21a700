using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using JitFunctions.EmbeddedHost.Tests.Fixtures;
using JitFunctions.EmbeddedHost.Tests.SampleFunctions;
using JitFunctions.EmbeddedHost.Tests.Support;

namespace JitFunctions.EmbeddedHost.Tests.Hosting;

public sealed class MetricTests(PostgresFixture postgres)
{
    [Fact]
    public async Task The_calls_between_host_and_worker_do_not_count_as_requests_of_the_app()
    {
        ConcurrentBag<string> routes = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "http.server.request.duration")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (_, _, tags, _) =>
            {
                foreach (var (key, value) in tags)
                {
                    if (key == "http.route")
                        routes.Add($"{value}");
                }
            }
        );
        listener.Start();
        await using (var host = await TestHost.StartAsync(await postgres.NewDatabaseAsync()))
        {
            await host.RunAsync(nameof(Orchestrations.Facts));
            using var http = host.Http;
            Assert.Equal(
                "n you",
                (await http.GetStringAsync("api/greet/you/1?word=n", TestContext.Current.CancellationToken)).Trim('"')
            );
            await Eventually.HoldsAsync(
                () => routes.Any(route => route.Contains("greet", StringComparison.Ordinal)),
                "the app's own request counts, with its route"
            );
        }

        // Other tests run beside this one, and their hosts must not count theirs either.
        Assert.DoesNotContain(
            routes,
            route =>
                route.Contains("TaskHubSidecarService", StringComparison.Ordinal)
                || route.Contains("FunctionRpc", StringComparison.Ordinal)
        );
    }
}
