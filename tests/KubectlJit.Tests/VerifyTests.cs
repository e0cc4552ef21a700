using System.Text.Json.Nodes;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Tests;

/// <summary><c>verify</c>: no server, and not even the address of one.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly Plugin _plugin = new();
    private readonly SampleRecord _record = new(20);

    private string Export => Path.Combine(_plugin.Home, "export");

    private string Policy => _plugin.Write("policy", _record.Policy);

    public void Dispose() => _plugin.Dispose();

    [Fact]
    public async Task A_record_that_is_proven_is_described()
    {
        await _record.WriteAllAsync(Export);
        var known = _plugin.Write("known", (await _record.CheckpointAsync(7)).ToString());

        var run = await _plugin.RunAsync("verify", Export, "--policy", Policy, "--known", known);

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.Equal(
            [
                "Proven:       yes",
                "Log:          log.example.com/jit",
                $"Checkpoint:   20 leaves, root {_record.Tree.Root().ToBase64()}",
                "Signed:       log.example.com/jit (Ed25519)",
                "Leaves:       20, which is the whole log",
                "Continues:    the earlier checkpoint of 7 leaves",
            ],
            run.OutLines
        );
    }

    [Fact]
    public async Task What_is_only_a_part_is_called_so()
    {
        await _record.WriteSomeAsync(Export, 3, 5);

        var run = await _plugin.RunAsync("verify", Export, "--policy", Policy);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains(
            "Leaves:       2 of 20: what is here is proven, but not that nothing else happened",
            run.OutLines
        );
    }

    [Fact]
    public async Task The_first_wrong_leaf_is_named_and_the_exit_code_is_1()
    {
        await _record.WriteAllAsync(Export);
        Change("leaves.ndjson", "\\\"n\\\":13}", "\\\"n\\\":14}");

        var run = await _plugin.RunAsync("verify", Export, "--policy", Policy);

        Assert.Equal(1, (int)run.Code);
        Assert.Equal(
            $"error: {Export} is not proven: leaf 13: the data is not what the leaf commits to (not-proven)\n",
            run.Error
        );
        Assert.Equal("Proven:       no", run.OutLines[0]);
    }

    [Fact]
    public async Task A_script_gets_a_document()
    {
        await _record.WriteAllAsync(Export);

        var proven = JsonNode.Parse((await _plugin.RunAsync("verify", Export, "--policy", Policy, "-o", "json")).Out)!;
        Change("leaves.ndjson", "\\\"n\\\":13}", "\\\"n\\\":14}");
        var changed = JsonNode.Parse((await _plugin.RunAsync("verify", Export, "--policy", Policy, "-o", "json")).Out)!;

        Assert.Equal(
            (true, 20, true, null),
            ((bool)proven["valid"]!, (int)proven["leaves"]!, (bool)proven["complete"]!, proven["problem"])
        );
        Assert.StartsWith("log.example.com/jit+", (string)proven["signatures"]![0]!["key"]!, StringComparison.Ordinal);
        Assert.Equal(
            (false, "changed", 13),
            ((bool)changed["valid"]!, (string)changed["problem"]!["kind"]!, (int)changed["problem"]!["index"]!)
        );
    }

    [Fact]
    public async Task A_rollback_and_a_fork_are_told_apart()
    {
        await _record.WriteAllAsync(Export);
        var longer = new SampleRecord(21);

        var policy = _plugin.Write("both", $"{longer.Policy.Split('\n')[0]}\n{_record.Policy}");
        var newer = _plugin.Write("newer", (await longer.CheckpointAsync()).ToString());
        var fork = _plugin.Write("fork", (await longer.CheckpointAsync(20)).ToString());

        var rolledBack = await _plugin.RunAsync("verify", Export, "--policy", policy, "--known", newer);
        var forked = await _plugin.RunAsync("verify", Export, "--policy", policy, "--known", fork);

        Assert.Contains("the log had 21 leaves before", rolledBack.Error, StringComparison.Ordinal);
        Assert.Contains("the log was forked", forked.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_wrong_usage()
    {
        await _record.WriteAllAsync(Export);

        var noPolicy = await _plugin.RunAsync("verify", Export);
        var missing = await _plugin.RunAsync("verify", Export, "--policy", Path.Combine(_plugin.Home, "missing"));
        var wrong = await _plugin.RunAsync("verify", Export, "--policy", _plugin.Write("wrong", "quorum\n"));
        var noExport = await _plugin.RunAsync("verify", Path.Combine(_plugin.Home, "missing"), "--policy", Policy);
        var noZip = await _plugin.RunAsync("verify", Policy, "--policy", Policy);

        Assert.Each(
            [noPolicy, missing, wrong, noExport, noZip],
            run => Assert.Equal((ExitCode.Usage, ""), (run.Code, run.Out))
        );
        Assert.Contains("line 1: 'quorum' is not a line of a policy", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("(unreadable-export)", noZip.Error, StringComparison.Ordinal);
    }

    private void Change(string file, string old, string other)
    {
        var path = Path.Combine(Export, file);
        var text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, other, StringComparison.Ordinal));
    }
}
