using System.Diagnostics;
using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Exports;

namespace JitFunctions.KubectlJit.Tests;

/// <summary><c>evidence</c>, its verification, and <c>sample</c>.</summary>
public sealed class EvidenceTests : ServerTests
{
    private readonly SampleEvidence _sample = new();

    /// <summary>What somebody does to an archive, and what verify says first.</summary>
    public static TheoryData<string, string> Tampering =>
        new()
        {
            { "row", "population.csv: the log has request grant1, and the file has no row of it" },
            { "row and count", "population.csv: the log has request grant1, and the file has no row of it" },
            { "twice", "population.csv: the row of request grant1 does not follow from the log, or is there twice" },
            { "cell", "population.csv: approvers of request grant1 is 'bob', and the log says 'alice'" },
            { "order", "population.csv: the rows are not in the order or the form of an archive" },
            {
                "exception",
                "exceptions.csv: the log has grant1 self-approval 2026-10-02T00:00:00Z 7, and the file has no row of it"
            },
            { "population", "population.csv: the file is missing" },
            { "folder", "grants/grant1/events.ndjson: the log has events of request grant1, and the file is missing" },
            { "event", "grants/grant1/events.ndjson: line 2 is not the event of leaf 7, as the log has it" },
            { "last event", "grants/grant1/events.ndjson: line 3 is not the event of leaf 8, as the log has it" },
            { "more events", "grants/grant1/events.ndjson: there are more lines than the 3 events of the request" },
            { "proof", "grants/grant1/7.tlog-proof: the proof of leaf 7 is missing" },
            { "other proof", "grants/grant1/7.tlog-proof: the proof is of the leaf 6" },
            { "another folder", "grants/grant9/events.ndjson: the file does not follow from the log" },
            { "leaf", "leaf 7: the data is not what the leaf commits to" },
            { "period", "population.csv: the row of request grant2 does not follow from the log, or is there twice" },
            { "disclosure", "population.csv: approvers of request grant1 is 'alice', and the log says '(erased)'" },
        };

    [Fact]
    public async Task Evidence_is_downloaded_for_a_period_and_can_be_verified()
    {
        using var stream = new MemoryStream();
        await using (var zip = await ZipTarget.CreateAsync(stream, TestContext.Current.CancellationToken))
            await _sample.WriteAsync(zip);
        Server.Archive = stream.ToArray();
        using var plugin = new Plugin(Server);
        var file = Path.Combine(plugin.Home, "evidence.zip");

        var run = await plugin.RunAsync(
            "evidence",
            "--from",
            "2026-10-01T00:00:00Z",
            "--to",
            "2026-11-01T00:00:00Z",
            "-f",
            file
        );
        var verify = await plugin.RunAsync("verify", file, "--policy", plugin.Write("policy", _sample.Policy));

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Out));
        Assert.Equal(
            "/api/audit/evidence?from=2026-10-01T00%3A00%3A00Z&to=2026-11-01T00%3A00%3A00Z",
            Server.Calls.Single().Target
        );
        Assert.Equal((ExitCode.Ok, ""), (verify.Code, verify.Error));
        Assert.Equal(
            [
                "Leaves:       14, which is the whole log",
                "Period:       2026-10-01T00:00:00Z until 2026-11-01T00:00:00Z",
                "Population:   4 requests, which are all that the log has of it",
                "Exceptions:   2, which are all that follow from the log",
                "Proofs:       10",
            ],
            verify.OutLines[^5..]
        );
    }

    [Fact]
    public async Task A_period_that_ends_before_it_begins_is_wrong_usage()
    {
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("evidence", "--from", "2026-10-02", "--to", "2026-10-01", "-f", "x.zip");

        Assert.Equal((ExitCode.Usage, 0), (run.Code, Server.Calls.Count));
    }

    [Theory]
    [MemberData(nameof(Tampering))]
    public async Task Each_change_of_an_archive_is_found_and_named(string change, string found)
    {
        using var plugin = new Plugin();
        var archive = await FolderAsync(plugin);
        Tamper(archive, change);

        var run = await plugin.RunAsync("verify", archive, "--policy", plugin.Write("policy", _sample.Policy));

        Assert.Equal(1, (int)run.Code);
        Assert.Contains(found, run.Error, StringComparison.Ordinal);
        Assert.Equal("Proven:       no", run.OutLines[0]);
    }

    [Fact]
    public async Task A_script_gets_all_problems()
    {
        using var plugin = new Plugin();
        var archive = await FolderAsync(plugin);
        Tamper(archive, "row");
        Tamper(archive, "folder");

        var run = await plugin.RunAsync(
            "verify",
            archive,
            "--policy",
            plugin.Write("policy", _sample.Policy),
            "-o",
            "json"
        );

        var json = JsonNode.Parse(run.Out)!;
        Assert.Equal((false, 4), ((bool)json["valid"]!, (int)json["evidence"]!["requests"]!));
        Assert.Equal(
            [("missing", "population.csv"), ("missing", "grants/grant1/events.ndjson")],
            json["evidence"]!["problems"]!.AsArray().Select(one => ((string)one!["kind"]!, (string)one["file"]!))
        );
    }

    [Fact]
    public async Task The_readme_has_a_command_that_counts_the_population_without_our_programs()
    {
        using var plugin = new Plugin();
        var archive = await FolderAsync(plugin);
        var readme = await File.ReadAllTextAsync(
            Path.Combine(archive, "README.md"),
            TestContext.Current.CancellationToken
        );
        var command = readme[readme.IndexOf("    jq -n", StringComparison.Ordinal)..];
        command = command[..(command.IndexOf("leaves.ndjson", StringComparison.Ordinal) + "leaves.ndjson".Length)];

        Assert.Equal("4\n", await ShellAsync(archive, command));
    }

    [Fact]
    public async Task A_sample_is_the_one_that_sha256sum_gives()
    {
        using var plugin = new Plugin();
        var archive = await FolderAsync(plugin);

        var run = await plugin.RunAsync("sample", "--seed", "4 2 6", "--n", "3", archive, "-o", "csv");
        var readme = await File.ReadAllTextAsync(
            Path.Combine(archive, "README.md"),
            TestContext.Current.CancellationToken
        );
        var command = readme[readme.IndexOf("    tail -n +2", StringComparison.Ordinal)..];
        command = command[..(command.IndexOf("head -n 25", StringComparison.Ordinal) + "head -n 25".Length)];
        var theirs = await ShellAsync(archive, $"SEED='4 2 6'\n{command} | head -n 3 | cut -d' ' -f2");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal(theirs.Trim().Split('\n'), run.OutLines[1..].Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task A_sample_can_be_of_a_part_of_the_period()
    {
        using var plugin = new Plugin();
        var archive = await FolderAsync(plugin);

        var run = await plugin.RunAsync(
            "sample",
            "--seed",
            "1",
            "--n",
            "25",
            "--from",
            "2026-10-02T00:00:00Z",
            "--to",
            "2026-10-03T00:00:00Z",
            archive
        );

        Assert.StartsWith("grant1 ", Assert.Single(run.OutLines[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_population_with_a_row_twice_is_not_drawn_from()
    {
        using var plugin = new Plugin();
        var archive = await FolderAsync(plugin);
        Tamper(archive, "twice");

        var twice = await plugin.RunAsync("sample", "--seed", "1", "--n", "2", archive);
        var noSeed = await plugin.RunAsync("sample", "--seed", "", "--n", "2", archive);

        Assert.Equal((ExitCode.Usage, ExitCode.Usage), (twice.Code, noSeed.Code));
        Assert.Contains("has the request grant1 twice", twice.Error, StringComparison.Ordinal);
    }

    private static void Tamper(string archive, string change)
    {
        var folder = Path.Combine(archive, "grants", "grant1");
        var events = Path.Combine(folder, "events.ndjson");
        var population = Path.Combine(archive, "population.csv");
        switch (change)
        {
            case "row":
                Lines(population, lines => lines.Where(line => !line.StartsWith("grant1,", StringComparison.Ordinal)));
                break;
            case "row and count":
                Tamper(archive, "row");
                Replace(Path.Combine(archive, "evidence.json"), "\"requests\": 4", "\"requests\": 3");
                break;
            case "twice":
                Lines(
                    population,
                    lines => lines.SelectMany(line => Enumerable.Repeat(line, line[0..6] == "grant1" ? 2 : 1))
                );
                break;
            case "cell":
                Lines(
                    population,
                    lines =>
                        lines.Select(line =>
                            line[0..6] == "grant1"
                                ? line.Replace("reviewed,alice", "reviewed,bob", StringComparison.Ordinal)
                                : line
                        )
                );
                break;
            case "order":
                Lines(population, lines => lines.Take(1).Concat(lines.Skip(1).Reverse()));
                break;
            case "exception":
                Lines(
                    Path.Combine(archive, "exceptions.csv"),
                    lines => lines.Where(line => !line.Contains("self-approval", StringComparison.Ordinal))
                );
                break;
            case "population":
                File.Delete(population);
                break;
            case "folder":
                Directory.Delete(folder, recursive: true);
                break;
            case "event":
                Replace(events, "\"approve\"", "\"deny\"");
                break;
            case "last event":
                File.WriteAllLines(events, File.ReadAllLines(events)[..2]);
                break;
            case "more events":
                File.AppendAllText(events, "{}\n");
                break;
            case "proof":
                File.Delete(Path.Combine(folder, "7.tlog-proof"));
                break;
            case "other proof":
                File.Copy(Path.Combine(folder, "6.tlog-proof"), Path.Combine(folder, "7.tlog-proof"), overwrite: true);
                break;
            case "another folder":
                Directory.CreateDirectory(Path.Combine(archive, "grants", "grant9"));
                File.WriteAllText(Path.Combine(archive, "grants", "grant9", "events.ndjson"), "{}\n");
                break;
            case "leaf":
                Lines(
                    Path.Combine(archive, "leaves.ndjson"),
                    lines =>
                        lines.Select(
                            (line, i) => i == 7 ? line.Replace("approve", "approvd", StringComparison.Ordinal) : line
                        )
                );
                break;
            case "period":
                Replace(Path.Combine(archive, "evidence.json"), "2026-11-01T", "2026-10-03T");
                break;
            case "disclosure":
                Lines(
                    Path.Combine(archive, "leaves.ndjson"),
                    lines => lines.Select((line, i) => i == 7 ? WithoutDisclosures(line) : line)
                );
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "No such change.");
        }
    }

    private static string WithoutDisclosures(string line)
    {
        var start = line.IndexOf("\"disclosures\":", StringComparison.Ordinal);
        return line.Remove(start, line.IndexOf("],", start, StringComparison.Ordinal) + 2 - start);
    }

    private static void Replace(string file, string old, string other)
    {
        var text = File.ReadAllText(file);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(old, other, StringComparison.Ordinal));
    }

    // With the line ends that the file has.
    private static void Lines(string file, Func<IReadOnlyList<string>, IEnumerable<string>> change)
    {
        var lines = File.ReadAllText(file).Split('\n')[..^1];
        var changed = change(lines).ToList();
        Assert.NotEqual(lines, changed);
        File.WriteAllText(file, string.Concat(changed.Select(line => $"{line}\n")));
    }

    private static async Task<string> ShellAsync(string folder, string command)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = folder, RedirectStandardOutput = true }
        )!;
        var text = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return text;
    }

    private async Task<string> FolderAsync(Plugin plugin)
    {
        var folder = Path.Combine(plugin.Home, "evidence");
        await _sample.WriteAsync(new FolderTarget(folder));
        return folder;
    }
}
