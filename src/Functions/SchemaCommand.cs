using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>
/// <c>schema [--app-role ROLE]</c>: creates or updates the tables, and grants ROLE the right to use them. It is for the
/// deployment, which has rights that the app itself must not have: the app can neither change nor remove an event, nor
/// a table.
/// </summary>
internal static class SchemaCommand
{
    /// <summary>
    /// The key under which a host with its own tables registers the function that creates them. The function gets the
    /// role that is to use them, or null.
    /// </summary>
    private const string StepKey = "schema";

    public static bool IsMeant(string[] args) => args is ["schema", ..];

    /// <exception cref="InvalidSettingsException">The arguments, the database or the roles are not valid.</exception>
    /// <returns>One line about the resulting state.</returns>
    public static async Task<string> RunAsync(string[] args, IHostApplicationBuilder builder)
    {
        var role = args switch
        {
            ["schema"] => null,
            ["schema", "--app-role", [_, ..] named] => named,
            _ => throw new InvalidSettingsException(["usage: schema [--app-role ROLE]"]),
        };
        var (connection, postgres, identity) = Settings.ReadDatabase(builder.Configuration);
        builder.Services.AddEventStore(
            connection,
            postgres,
            new AppCredentials(identity, TimeProvider.System),
            createSchema: false
        );
        await using var services = builder.Services.BuildServiceProvider();
        var store = services.GetRequiredService<IDocumentStore>();
        try
        {
            await EventStore.CreateSchemaAsync(store, role, CancellationToken.None);
            foreach (var step in services.GetKeyedServices<Func<string?, CancellationToken, Task>>(StepKey))
                await step(role, CancellationToken.None);
            if (role is not null && await EventStore.MayChangeTablesAsync(store, role, CancellationToken.None))
                throw new InvalidSettingsException([
                    $"The role '{role}' owns tables, or is a member of a role that does, so the app could change "
                        + "what is recorded: use another role.",
                ]);
            return role is null
                ? "The tables are up to date."
                : $"The tables are up to date, and the role '{role}' may use them.";
        }
        catch (Exception e) when (SqlStateOf(e) is PostgresErrorCodes.UndefinedObject)
        {
            throw new InvalidSettingsException([$"The database has no role '{role}': create it first."]);
        }
        catch (Exception e) when (SqlStateOf(e) is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidSettingsException([
                "The role of ConnectionStrings:Postgres may not make or change the tables: use that of their owner.",
            ]);
        }
    }

    private static string? SqlStateOf(Exception e) =>
        e as PostgresException is { } refused ? refused.SqlState
        : e.InnerException is { } inner ? SqlStateOf(inner)
        : null;
}
