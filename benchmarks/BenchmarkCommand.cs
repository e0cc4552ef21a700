using System.CommandLine;

namespace JitFunctions.Benchmarks;

internal static class BenchmarkCommand
{
    // Ctrl-C first stops the platform, which takes a moment.
    private static readonly InvocationConfiguration Patient = new()
    {
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    };

    private static readonly Option<string[]> Only = new("--only")
    {
        Description = "Run just this benchmark (repeatable)",
        HelpName = "name",
    };
    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Small numbers: shows that everything works, not how fast",
    };
    private static readonly Option<string?> Against = new("--against")
    {
        Description = "Measure the host, and the cold start, of this revision of git beside what is here",
        HelpName = "revision",
    };
    private static readonly Option<bool> Write = new("--write")
    {
        Description = $"Also write {BenchmarkRun.ResultFile}",
    };
    private static readonly Option<int?> Grants = Count(
        "--grants",
        "How many grants the approval and expiry benchmarks measure (100)"
    );
    private static readonly Option<int?> Requests = Count(
        "--requests",
        "How many life cycles the lifecycles benchmark plays (300)"
    );
    private static readonly Option<int?> Clients = Count("--clients", "How many clients play life cycles at once (16)");
    private static readonly Option<int?> AtOnce = Count(
        "--stampede",
        "How many grants end at once in the stampede benchmark (500)"
    );
    private static readonly Option<int?> Backlog = Count(
        "--backlog",
        "How many requests are pending or active in the backlog benchmark (1000)"
    );

    public static Task<int> RunAsync(string[] args)
    {
        Only.AcceptOnlyFromAmong([.. BenchmarkRun.Alone.Keys, .. BenchmarkRun.OnPlatform.Keys]);
        var root = new RootCommand("Measures the product on real parts, each number beside a baseline in the same run.")
        {
            Only,
            Quick,
            Against,
            Write,
            Grants,
            Requests,
            Clients,
            AtOnce,
            Backlog,
        };
        root.SetAction(
            (parsed, cancellation) =>
                BenchmarkRun.RunAsync(
                    SizesFrom(parsed),
                    parsed.GetValue(Only) ?? [],
                    parsed.GetValue(Write),
                    cancellation
                )
        );
        return root.Parse(args).InvokeAsync(Patient);
    }

    private static Sizes SizesFrom(ParseResult parsed)
    {
        var sizes = parsed.GetValue(Quick) ? Sizes.Quick : Sizes.Full;
        return sizes with
        {
            Against = parsed.GetValue(Against),
            Grants = parsed.GetValue(Grants) ?? sizes.Grants,
            Requests = parsed.GetValue(Requests) ?? sizes.Requests,
            Clients = parsed.GetValue(Clients) ?? sizes.Clients,
            Stampede = parsed.GetValue(AtOnce) ?? sizes.Stampede,
            Backlog = parsed.GetValue(Backlog) ?? sizes.Backlog,
        };
    }

    private static Option<int?> Count(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "n" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError($"{name} is at least 1.");
        });
        return option;
    }
}
