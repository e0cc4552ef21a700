using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace JitFunctions.EmbeddedHost.SampleApp;

/// <summary>
/// What the functions did, in a table of the test: written at once and for good, whatever becomes of the process.
/// </summary>
public sealed class Effects(IConfiguration configuration) : IDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        configuration.GetConnectionString("Postgres")!
    );
    private readonly bool _crashes = configuration.GetValue<bool>("CrashEverywhere");

    /// <returns>How often it was done before.</returns>
    public long Record(string instance, string step)
    {
        using var insert = _database.CreateCommand(
            """
            insert into effects (instance, step, process) values ($1, $2, $3)
            returning (select count(*) from effects where instance = $1 and step = $2)
            """
        );
        insert.Parameters.AddWithValue(instance);
        insert.Parameters.AddWithValue(step);
        insert.Parameters.AddWithValue(Environment.ProcessId);
        return (long)insert.ExecuteScalar()!;
    }

    /// <summary>Kills this process when it comes to this point for the first time.</summary>
    public void CrashOnce(string point)
    {
        if (!_crashes)
            return;
        using var insert = _database.CreateCommand("insert into crashes (point) values ($1) on conflict do nothing");
        insert.Parameters.AddWithValue(point);
        if (insert.ExecuteNonQuery() == 1)
            Process.GetCurrentProcess().Kill();
    }

    public void Dispose() => _database.Dispose();
}
