using Npgsql;

namespace JitFunctions.LocalStack;

/// <summary>Shows that every line of the record is proven, and that an edited row is found.</summary>
internal sealed class RecordScene(LocalPlatform platform, Narrator narrator, CancellationToken cancellation)
{
    private const string Edit = """
        update jit.jit_log_leaf l set data = convert_to(replace(convert_from(l.data, 'UTF8'), $2, $3), 'UTF8')
        from jit.mt_events e where e.seq_id = l.seq and e.stream_id = $1 and e.type = 'access_requested'
        returning l.idx
        """;

    /// <param name="id">A request for the namespace <c>payments</c>.</param>
    public async Task PlayAsync(string id)
    {
        narrator.Title("Whoever owns the database can rewrite it. Dave needs to trust neither them nor the app.");
        await WaitForLogAsync();
        var exports = Directory.CreateTempSubdirectory("jit-record-");
        try
        {
            var (honest, edited) = (
                Path.Combine(exports.FullName, "record.zip"),
                Path.Combine(exports.FullName, "edited.zip")
            );
            await Kubectl("jit", "export", "-f", honest);
            var proven = await Kubectl("jit", "verify", honest, "--policy", platform.Log.Policy);
            narrator.Check(
                proven.ExitCode == 0 && proven.StdOut.Contains("which is the whole log", StringComparison.Ordinal),
                "each event is proven by two signatures, offline, and none is missing"
            );

            narrator.Say("The owner of the database edits one row: it was about orders, not about payments.");
            var leaf = await EditAsync(id, "payments", "orders");
            await Kubectl("jit", "export", "-f", edited);
            var refuted = await Kubectl("jit", "verify", edited, "--policy", platform.Log.Policy);
            narrator.Check(
                refuted.ExitCode == 1 && refuted.StdErr.Contains($"leaf {leaf}: ", StringComparison.Ordinal),
                $"the edited row is named: leaf {leaf}"
            );
            await EditAsync(id, "orders", "payments");
        }
        finally
        {
            exports.Delete(recursive: true);
        }
    }

    private Task<Command> Kubectl(params IEnumerable<string> arguments) =>
        narrator.KubectlAsync("dave", arguments, cancellation);

    private async Task<long> EditAsync(string id, string from, string to)
    {
        await using var database = NpgsqlDataSource.Create(platform.Database);
        await using var edit = database.CreateCommand(Edit);
        foreach (var value in new[] { id, $"\"{from}\"", $"\"{to}\"" })
            edit.Parameters.Add(new() { Value = value });
        return await edit.ExecuteScalarAsync(cancellation) is long leaf
            ? leaf
            : throw new DemoFailure("The request is not in the log.");
    }

    private async Task WaitForLogAsync()
    {
        await using var database = NpgsqlDataSource.Create(platform.Database);
        await using var behind = database.CreateCommand(
            """
            select (select max(seq_id) from jit.mt_events) <> coalesce((select max(seq) from jit.jit_log_leaf), 0)
              or (select count(*) from jit.jit_log_leaf) <> coalesce((select max(size) from jit.jit_log_checkpoint), 0)
            """
        );
        for (var tries = 0; await behind.ExecuteScalarAsync(cancellation) is true; tries++)
        {
            if (tries > 300)
                throw new DemoFailure("The log does not catch up with the events.");
            await Task.Delay(100, cancellation);
        }
    }
}
