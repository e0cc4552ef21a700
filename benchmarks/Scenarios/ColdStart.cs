using System.Diagnostics;
using JitFunctions.LocalStack;

namespace JitFunctions.Benchmarks;

/// <summary>How soon a new process of the function app takes a request, as after scaling from zero.</summary>
internal static class ColdStart
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation)
    {
        var (product, minimal) = (new Sample("function app: started → first POST /api/requests stored"), new Sample("baseline: a minimal ASP.NET Core app → first answer"));
        var ns = (await rig.NamespacesAsync("automatic-cold-start", 1, cancellation))[0];
        // As in production: the schema is there, and the app does not look after it.
        var host = await rig.Platform.AddHostAsync(new Dictionary<string, string?> { ["EventStore__CreateSchema"] = "false" }, cancellation);
        await rig.Platform.Host.StopAsync();

        for (var i = 0; i < sizes.ColdStarts; i++)
        {
            await host.StopAsync();
            await product.MeasureAsync(() => FunctionAppAsync(rig, host, ns, cancellation));
            await minimal.MeasureAsync(() => MinimalAppAsync(cancellation));
        }

        await host.StopAsync();
        await rig.Platform.Host.StartAgainAsync(cancellation);
        return [Table.OfLatencies("Cold start", [$"From starting the process, with its files in the page cache; the call is repeated {Pause.TotalMilliseconds:0} ms after each failure."], product, minimal)];
    }

    private static async Task<TimeSpan> FunctionAppAsync(Rig rig, FunctionHost host, string ns, CancellationToken cancellation)
    {
        using var alice = rig.ClientOf(host, Person.Alice);
        var start = Stopwatch.GetTimestamp();
        var starting = host.StartAgainAsync(cancellation);
        var request = await FirstAsync(() => alice.RequestAsync(ns, TimeSpan.FromSeconds(5), cancellation), cancellation);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await starting;
        await alice.WhenAsync(request, "ended", cancellation);
        return elapsed;
    }

    private static async Task<TimeSpan> MinimalAppAsync(CancellationToken cancellation)
    {
        await using var host = new MinimalHost();
        using var client = new HttpClient();
        var start = Stopwatch.GetTimestamp();
        host.Start();
        await FirstAsync(async () => (await client.PostAsync(host.Address, null, cancellation)).EnsureSuccessStatusCode(), cancellation);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Repeats a call until it succeeds.</summary>
    private static async Task<T> FirstAsync<T>(Func<Task<T>> call, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(start) < Patience)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }
}
