using System.Diagnostics;
using JitFunctions.LocalStack;

namespace JitFunctions.Benchmarks;

/// <summary>
/// How soon a new process of the function app takes a request, as after scaling from zero, and what it then keeps.
/// </summary>
internal sealed class ColdStart(Rig rig, string ns, CancellationToken cancellation)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly Durations _minimal = new("baseline: a minimal ASP.NET Core app → first answer");
    private readonly Measure _stored = new("process started → first POST /api/requests stored, ms", Bound.AtMost(1.2));
    private readonly Measure _idle = new(
        $"resident memory {Idle.TotalSeconds:0} s after that has ended, MiB",
        Bound.AtMost(1.3)
    );

    public static async Task<IReadOnlyList<Table>> RunAsync(Rig rig, Sizes sizes, CancellationToken cancellation)
    {
        Tree[] trees = sizes.Against is { } revision
            ? [await Tree.CheckOutAsync(revision, cancellation), Tree.Present]
            : [Tree.Present];
        var ns = (await rig.NamespacesAsync("automatic-cold-start", 1, cancellation))[0];
        await rig.Platform.Host.StopAsync();
        List<Product> products = [];
        foreach (var tree in trees)
            products.Add(await InstallAsync(rig, tree, cancellation));
        var tables = await new ColdStart(rig, ns, cancellation).MeasureAsync(products, sizes.ColdStarts);
        await rig.Platform.Host.StartAgainAsync(cancellation);
        return tables;
    }

    /// <summary>
    /// Built for deployment, and with a database of its own, which the deployment has prepared. The first start is
    /// behind it.
    /// </summary>
    private static async Task<Product> InstallAsync(Rig rig, Tree tree, CancellationToken cancellation)
    {
        var command = HostCommand.EmbeddedIn(Path.GetDirectoryName(await tree.PublishProductAsync(cancellation))!);
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Postgres"] = await rig.Platform.CreateDatabaseAsync(
                $"cold_start_{tree.Name}",
                command,
                cancellation
            ),
            ["EventStore__CreateSchema"] = "false",
        };
        var host = await rig.Platform.AddHostAsync(settings, command, cancellation);
        await host.StopAsync();
        return new Product(
            tree,
            host,
            new Durations($"function app, {tree.Name}: started → first POST /api/requests stored")
        );
    }

    private async Task<IReadOnlyList<Table>> MeasureAsync(IReadOnlyList<Product> products, int count)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (var product in i % 2 == 0 ? products : products.Reverse())
                await product.Stored.MeasureAsync(() => FunctionAppAsync(product));
            await _minimal.MeasureAsync(MinimalAppAsync);
        }

        Tree[] trees = [.. products.Select(product => product.Tree)];
        return
        [
            Table.OfLatencies(
                "Cold start",
                [
                    "From starting the process, published and with its files in the page cache; the call is "
                        + $"repeated {Pause.TotalMilliseconds:0} ms after each failure.",
                ],
                [.. products.Select(product => product.Stored), _minimal]
            ),
            Measure.Table("The function app", trees, [_stored, _idle], [$"Medians of {count} starts."], []),
        ];
    }

    private async Task<TimeSpan> FunctionAppAsync(Product product)
    {
        using var alice = rig.ClientOf(product.Host, Person.Alice);
        try
        {
            var start = Stopwatch.GetTimestamp();
            var starting = product.Host.StartAgainAsync(cancellation);
            var request = await FirstAsync(() => alice.RequestAsync(ns, TimeSpan.FromSeconds(5), cancellation));
            var elapsed = Stopwatch.GetElapsedTime(start);
            await starting;
            await alice.WhenAsync(request, "ended", cancellation);
            await Task.Delay(Idle, cancellation);
            _stored.Add(product.Tree, elapsed.TotalMilliseconds);
            _idle.Add(product.Tree, ProcessUse.ResidentMebibytes(product.Host.ProcessId));
            return elapsed;
        }
        finally
        {
            await product.Host.StopAsync();
        }
    }

    private async Task<TimeSpan> MinimalAppAsync()
    {
        await using var host = new MinimalHost();
        using var client = new HttpClient();
        var start = Stopwatch.GetTimestamp();
        host.Start();
        await FirstAsync(async () =>
            (await client.PostAsync(host.Address, null, cancellation)).EnsureSuccessStatusCode()
        );
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Repeats a call until it succeeds.</summary>
    private async Task<T> FirstAsync<T>(Func<Task<T>> call)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(start) < TimeLimit)
            {
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    private sealed record Product(Tree Tree, FunctionHost Host, Durations Stored);
}
