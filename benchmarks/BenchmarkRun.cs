using System.Diagnostics;

namespace JitFunctions.Benchmarks;

/// <summary>Starts the platform, runs what was chosen, one after the other, and reports.</summary>
internal static class BenchmarkRun
{
    /// <summary>Relative to the root of the repository, where ./dev runs this.</summary>
    public const string ResultFile = "benchmarks/results/latest.md";

    /// <summary>In the order in which they run: the backlog stays, so it comes last.</summary>
    public static readonly OrderedDictionary<string, Func<Rig, Sizes, CancellationToken, Task<IReadOnlyList<Table>>>> Scenarios = new()
    {
        ["policies"] = (_, sizes, cancellation) => PolicyEvaluation.RunAsync(sizes, cancellation),
        ["approval"] = ApprovalToUsable.RunAsync,
        ["expiry"] = Expiry.RunAsync,
        ["lifecycles"] = Lifecycles.RunAsync,
        ["cold-start"] = ColdStart.RunAsync,
        ["stampede"] = Stampede.RunAsync,
        ["backlog"] = ExpiryUnderBacklog.RunAsync,
    };

    /// <returns>The exit code: 1 when anything measured failed.</returns>
    public static async Task<int> RunAsync(Sizes sizes, IReadOnlyCollection<string> only, bool write, CancellationToken cancellation)
    {
        if (write && !Directory.Exists(Path.GetDirectoryName(Path.GetDirectoryName(ResultFile))))
            throw new InvalidOperationException($"--write creates {ResultFile}: run it in the root of the repository (./dev bench --write).");

        Say("starting PostgreSQL, a Kubernetes API server and the function app");
        var load = Machine.LoadAverage();
        await using var rig = await Rig.StartAsync(cancellation);
        var report = new Report(await Machine.DescribeAsync(rig, load, cancellation));
        Console.WriteLine(report.Render());
        await Lifecycles.WarmUpAsync(rig, sizes.WarmUps, cancellation);
        foreach (var (name, scenario) in Scenarios.Where(scenario => only.Count == 0 || only.Contains(scenario.Key)))
        {
            Say($"measuring {name}");
            var watch = Stopwatch.StartNew();
            foreach (var table in await scenario(rig, sizes, cancellation)) Console.WriteLine(report.Add(table).Render());
            Say($"{name} took {watch.Elapsed.TotalSeconds:0} s");
        }

        if (write)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ResultFile)!);
            await File.WriteAllTextAsync(ResultFile, report.Render(), cancellation);
            Say($"wrote {ResultFile}");
        }

        return report.Failures is [] ? 0 : 1;
    }

    private static void Say(string what) => Console.Error.WriteLine($"» {what}");
}
