using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>
/// Runs what was chosen, one after the other, on the platform that it starts for those that need it, and reports.
/// </summary>
internal static class BenchmarkRun
{
    /// <summary>Relative to the root of the repository, where ./dev runs this.</summary>
    public const string ResultFile = "benchmarks/results/latest.md";

    /// <summary>These run first, on nothing but what they start themselves.</summary>
    public static readonly OrderedDictionary<string, Func<Sizes, CancellationToken, Task<IReadOnlyList<Table>>>> Alone =
        new()
        {
            ["host"] = Host.RunAsync,
            ["policies"] = PolicyBenchmark.RunAsync,
            ["verify"] = RecordVerification.RunAsync,
            ["log"] = RecordSequencing.RunAsync,
        };

    /// <summary>In the order in which they run: the backlog stays, so it comes last.</summary>
    public static readonly OrderedDictionary<
        string,
        Func<Rig, Sizes, CancellationToken, Task<IReadOnlyList<Table>>>
    > OnPlatform = new()
    {
        ["approval"] = ApprovalToUsable.RunAsync,
        ["expiry"] = Expiry.RunAsync,
        ["lifecycles"] = Lifecycles.RunAsync,
        ["checkpoint"] = RecordDelay.RunAsync,
        ["cold-start"] = ColdStart.RunAsync,
        ["stampede"] = Stampede.RunAsync,
        ["backlog"] = ExpiryUnderBacklog.RunAsync,
    };

    /// <returns>The exit code: 1 when anything measured failed.</returns>
    public static async Task<int> RunAsync(
        Sizes sizes,
        IReadOnlyCollection<string> only,
        bool write,
        CancellationToken cancellation
    )
    {
        if (write && !Directory.Exists(Path.GetDirectoryName(Path.GetDirectoryName(ResultFile))))
            throw new InvalidOperationException(
                $"--write creates {ResultFile}: run it in the root of the repository (./dev bench --write)."
            );

        var load = Machine.LoadAverage();
        var report = new Report(Machine.Describe(load));
        Console.WriteLine(report.Render());
        foreach (var (name, scenario) in Alone.Where(IsChosen))
            await MeasureAsync(name, () => scenario(sizes, cancellation));
        if (OnPlatform.Any(IsChosen))
        {
            Say("starting PostgreSQL, a Kubernetes API server and the function app");
            await using var rig = await Rig.StartAsync(cancellation);
            Console.WriteLine(report.Add(await Machine.DescribeAsync(rig, cancellation)));
            await Lifecycles.WarmUpAsync(rig, sizes.WarmUps, cancellation);
            foreach (var (name, scenario) in OnPlatform.Where(IsChosen))
                await MeasureAsync(name, () => scenario(rig, sizes, cancellation));
        }

        if (write)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ResultFile)!);
            await File.WriteAllTextAsync(ResultFile, report.Render(), cancellation);
            Say($"wrote {ResultFile}");
        }

        return report.Failures is [] ? 0 : 1;

        bool IsChosen<T>(KeyValuePair<string, T> scenario) => only.Count == 0 || only.Contains(scenario.Key);

        async Task MeasureAsync(string name, Func<Task<IReadOnlyList<Table>>> scenario)
        {
            Say($"measuring {name}");
            var watch = Stopwatch.StartNew();
            foreach (var table in await scenario())
                Console.WriteLine(report.Add(table).Render());
            Say($"{name} took {watch.Elapsed.TotalSeconds:0} s");
        }
    }

    private static void Say(string what) => Console.Error.WriteLine($"» {what}");
}
