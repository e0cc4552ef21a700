using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>
/// <c>readmodels verify</c> compares who held what, when, with the events; <c>readmodels rebuild</c> also writes anew
/// what differs. The service runs on meanwhile. To write, it needs the role that owns the tables.
/// </summary>
internal static class ReadModelsCommand
{
    public static bool IsMeant(string[] args) => args is ["readmodels", ..];

    /// <exception cref="InvalidSettingsException">The arguments, the database or the role are not valid.</exception>
    /// <returns>0 if all agree or were written anew, 1 if something differs.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        IHostApplicationBuilder builder,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var repair = args switch
        {
            ["readmodels", "verify"] => false,
            ["readmodels", "rebuild"] => true,
            _ => throw new InvalidSettingsException(["usage: readmodels verify|rebuild"]),
        };
        var (connectionString, postgres, identity) = Settings.ReadDatabase(builder.Configuration);
        var credentials = new AppCredentials(identity, TimeProvider.System);
        builder.Services.AddEventStore(connectionString, postgres, credentials, createSchema: false);
        await using var services = builder.Services.BuildServiceProvider();
        var models = new ReadModels(
            services.GetRequiredService<IDocumentStore>(),
            services.GetRequiredService<NpgsqlDataSource>()
        );
        var differences = 0L;
        try
        {
            var streams = await models.CompareAsync(repair, TellAsync, cancellation);
            await output.WriteLineAsync(
                repair
                    ? $"{streams} streams were compared, and {differences} written anew."
                    : $"{streams} streams were compared, and {differences} differ."
            );
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidSettingsException([
                "The role of ConnectionStrings:Postgres may not change what was recorded: use that of the owner of the "
                    + "tables.",
            ]);
        }

        return repair || differences == 0 ? 0 : 1;

        Task TellAsync(ReadModelDifference difference)
        {
            differences++;
            return output.WriteLineAsync($"{difference.Model} of {difference.Stream}: {difference.Reason}");
        }
    }
}
