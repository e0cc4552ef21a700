using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections.Log;
using JitFunctions.TransparencyLog.Proofs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>
/// <c>log verify [--policy FILE]</c>: compares every stored event with the log, and the tables of the log with each
/// other. It is for whoever may read the database; an auditor who may not verifies an export.
/// </summary>
internal static class LogCommand
{
    public static bool IsMeant(string[] args) => args is ["log", ..];

    /// <exception cref="InvalidSettingsException">The arguments, the policy or the database are not valid.</exception>
    /// <returns>0 if all agree, 1 if something was changed.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        IHostApplicationBuilder builder,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var policy = args switch
        {
            ["log", "verify"] => null,
            ["log", "verify", "--policy", [_, ..] file] => Read(file),
            _ => throw new InvalidSettingsException(["usage: log verify [--policy FILE]"]),
        };
        var (connectionString, postgres, identity) = Settings.ReadDatabase(builder.Configuration);
        var credentials = new AppCredentials(identity, TimeProvider.System);
        builder.Services.AddEventStore(connectionString, postgres, credentials, createSchema: false);
        await using var services = builder.Services.BuildServiceProvider();
        await using var connection = await services
            .GetRequiredService<NpgsqlDataSource>()
            .OpenConnectionAsync(cancellation);
        // The log goes on meanwhile.
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            cancellation
        );
        var result = await new LogCheck(policy).RunAsync(connection, cancellation);
        if (result.Problem is not { } problem)
        {
            var signatures = policy is null ? "" : ", and all checkpoints are signed as the policy says";
            await output.WriteLineAsync($"{result.Events} events are as the log has them{signatures}.");
            return 0;
        }

        var place = problem.Sequence is { } sequence ? $"sequence {sequence}: " : "";
        await output.WriteLineAsync($"{place}{problem.Reason}");
        await output.WriteLineAsync($"The {result.Events} events before that are as the log has them.");
        return 1;
    }

    private static TlogPolicy Read(string file)
    {
        try
        {
            return TlogPolicy.Parse(File.ReadAllBytes(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new InvalidSettingsException([$"The policy {file} cannot be read: {e.Message}"]);
        }
    }
}
