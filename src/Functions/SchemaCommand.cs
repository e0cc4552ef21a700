using JitFunctions.Functions.AppIdentity;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>
/// <c>schema [--app-role ROLE]</c>: makes the tables, or brings them up to date, and lets ROLE use them. For the deployment, which has
/// the rights that the app itself must not have: the app can neither change nor remove an event, nor a table.
/// </summary>
internal static class SchemaCommand
{
    /// <summary>
    /// Under this key a host that keeps tables of its own registers what makes them, given the role that is to use them, or null.
    /// </summary>
    private const string StepKey = "schema";

    public static bool IsMeant(string[] args) => args is ["schema", ..];

    /// <exception cref="InvalidSettingsException">The database is not named, or has no such role.</exception>
    public static async Task RunAsync(IHostApplicationBuilder builder)
    {
        var (connection, postgres, identity) = Settings.ReadDatabase(builder.Configuration);
        builder.Services.AddEventStore(connection, postgres, new AppCredentials(identity, TimeProvider.System), createSchema: false);
        await using var services = builder.Services.BuildServiceProvider();
        var role = builder.Configuration["app-role"] is { Length: > 0 } named ? named : null;
        try
        {
            await EventStore.CreateSchemaAsync(services.GetRequiredService<IDocumentStore>(), role, CancellationToken.None);
            foreach (var step in services.GetKeyedServices<Func<string?, CancellationToken, Task>>(StepKey))
                await step(role, CancellationToken.None);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedObject)
        {
            throw new InvalidSettingsException([$"The database has no role '{role}': create it first."]);
        }
    }
}
