using JitFunctions.KubectlJit.Terminal;
using JitFunctions.TransparencyLog.Exports;

namespace JitFunctions.KubectlJit.Tests;

public sealed class ExportTests : ServerTests
{
    [Fact]
    public async Task The_record_is_downloaded_and_can_be_verified()
    {
        var record = new SampleRecord(20);
        Server.Archive = await ZipAsync(record);
        using var plugin = new Plugin(Server);
        var file = Path.Combine(plugin.Home, "record.zip");

        var export = await plugin.RunAsync("export", "-f", file);
        var verify = await plugin.RunAsync("verify", file, "--policy", plugin.Write("policy", record.Policy));

        Assert.Equal((ExitCode.Ok, ""), (export.Code, export.Out));
        Assert.Equal("/api/log/export", Server.Calls.Single().Target);
        Assert.Contains(
            $"wrote {file}; verify it with: kubectl jit verify {file}",
            export.Error,
            StringComparison.Ordinal
        );
        Assert.Equal(ExitCode.Ok, verify.Code);
    }

    [Fact]
    public async Task The_part_of_one_request_is_asked_for_by_its_id()
    {
        Server.Archive = [1, 2, 3];
        using var plugin = new Plugin(Server);
        var file = Path.Combine(plugin.Home, "one.zip");

        var run = await plugin.RunAsync("export", Sample.Id, "--file", file);

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal($"/api/requests/{Sample.Id}/proof", Server.Calls.Single().Target);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_exists_is_not_overwritten()
    {
        using var plugin = new Plugin(Server);
        var file = plugin.Write("record.zip", "kept");

        var run = await plugin.RunAsync("export", "-f", file);

        Assert.Equal((ExitCode.Usage, 0), (run.Code, Server.Calls.Count));
        Assert.Equal("kept", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_answer_that_ends_too_early_leaves_no_file()
    {
        Server.AnswerNext(async http =>
        {
            http.Response.ContentLength = 1000;
            await http.Response.Body.WriteAsync(new byte[10]);
            await http.Response.Body.FlushAsync();
            await Task.Delay(300); // so that the plugin has the headers
            http.Abort();
        });
        using var plugin = new Plugin(Server);
        var file = Path.Combine(plugin.Home, "record.zip");

        var run = await plugin.RunAsync("export", "-f", file);

        Assert.Equal(ExitCode.Unreachable, run.Code);
        Assert.Contains("ended its answer too early", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.False(File.Exists($"{file}.part"));
    }

    [Fact]
    public async Task Whoever_is_no_auditor_is_told_so()
    {
        Server.AnswerNext(403, ProblemAnswers.Body(403, "not-allowed"));
        using var plugin = new Plugin(Server);

        var run = await plugin.RunAsync("export", "-f", Path.Combine(plugin.Home, "record.zip"));

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Empty(Directory.GetFiles(plugin.Home));
    }

    private static async Task<byte[]> ZipAsync(SampleRecord record)
    {
        using var stream = new MemoryStream();
        await using (var zip = await ZipTarget.CreateAsync(stream, TestContext.Current.CancellationToken))
            await record.WriteAllAsync(zip);
        return stream.ToArray();
    }
}
