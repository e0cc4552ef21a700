using Npgsql;

namespace JitFunctions.LocalStack;

/// <summary>
/// Prepares a database as a deployment does: the owner creates the tables, and the app gets a role that may only use
/// them.
/// </summary>
internal static class AppDatabase
{
    /// <returns>The connection string of the role.</returns>
    public static async Task<string> PrepareAsync(
        string database,
        string role,
        HostCommand command,
        CancellationToken cancellation
    )
    {
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync(cancellation);
            await using var create = new NpgsqlCommand(
                $"do $$ begin create role {role} login; exception when duplicate_object then null; end $$",
                connection
            );
            await create.ExecuteNonQueryAsync(cancellation);
        }

        var settings = new Dictionary<string, string?> { ["ConnectionStrings__Postgres"] = database };
        (
            await Command.RunAsync(
                "dotnet",
                [command.Assembly, "schema", "--app-role", role],
                settings,
                cancellation: cancellation
            )
        ).OrThrow("schema");
        return new NpgsqlConnectionStringBuilder(database) { Username = role }.ConnectionString;
    }
}
