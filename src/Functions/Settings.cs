using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Log;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Platform.Notifications;
using JitFunctions.Functions.Platform.SignIn;
using JitFunctions.Functions.Platform.Telemetry;
using JitFunctions.Functions.Policies;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace JitFunctions.Functions;

/// <param name="errors">One line each, for whoever runs the app.</param>
public sealed class InvalidSettingsException(IReadOnlyList<string> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<string> Errors { get; } = errors;
}

/// <summary>All settings, read and checked before the first call is accepted. docs/hosting.md describes them.</summary>
internal sealed record Settings(
    string Database,
    PostgresOptions Postgres,
    bool CreateSchema,
    IdentityOptions Identity,
    AuthenticationOptions Authentication,
    DirectoryOptions Directory,
    NotificationOptions Notifications,
    PolicySourceOptions Policies,
    IReadOnlyDictionary<string, ClusterOptions> Clusters,
    InstallationOptions Installation,
    LogOptions Log,
    TelemetryOptions Telemetry,
    RecordOptions Record
)
{
    /// <exception cref="InvalidSettingsException">
    /// Contains all errors, so that they can be corrected together.
    /// </exception>
    public static Settings Read(IConfiguration configuration)
    {
        List<string> errors = [];

        var database = configuration.GetConnectionString("Postgres");
        var postgres = Bind(() => configuration.GetSection(PostgresOptions.Section).Get<PostgresOptions>() ?? new());
        if (DatabaseError(database) is { } wrong)
            errors.Add(wrong);
        else
            errors.AddRange(postgres?.Errors(database!) ?? []);
        var identity = Bind(() => IdentityOptions.Read(configuration));
        errors.AddRange(identity?.Errors() ?? []);

        var createSchema = Bind(() => configuration.GetValue("EventStore:CreateSchema", false));
        var authentication = Bind(() =>
            configuration.GetSection(AuthenticationOptions.Section).Get<AuthenticationOptions>() ?? new()
        );
        errors.AddRange(authentication?.Errors() ?? []);
        var directory = Bind(() => configuration.GetSection(DirectoryOptions.Section).Get<DirectoryOptions>() ?? new());
        errors.AddRange(directory?.Errors() ?? []);
        var notifications = NotificationOptions.Read(configuration.GetSection(NotificationOptions.Section));
        errors.AddRange(notifications.Errors());
        // Each section is bound by itself: within a dictionary the binder silently omits what it cannot read.
        var sections = Bind(() =>
            configuration
                .GetSection(ClusterOptions.Section)
                .GetChildren()
                .Select(cluster => (cluster.Key, Options: cluster.Get<ClusterOptions>() ?? new()))
                .ToLookup(cluster => cluster.Options.Name ?? cluster.Key, cluster => cluster.Options)
        );
        var clusters = sections?.ToDictionary(named => named.Key, named => named.First());
        errors.AddRange(
            sections?.Where(named => named.Count() > 1).Select(named => $"Two clusters have the name '{named.Key}'.")
                ?? []
        );
        errors.AddRange(clusters is null ? [] : ClusterOptions.Errors(clusters));
        var installation = Bind(() =>
            configuration.GetSection(InstallationOptions.Section).Get<InstallationOptions>() ?? new()
        );
        errors.AddRange(installation?.Errors() ?? []);
        var policies = Bind(() =>
            configuration.GetSection(PolicySourceOptions.Section).Get<PolicySourceOptions>() ?? new()
        );
        errors.AddRange(policies?.Errors() ?? []);

        var log = Bind(() => configuration.GetSection(LogOptions.Section).Get<LogOptions>() ?? new());
        errors.AddRange(log?.Errors() ?? []);

        var record = Bind(() => configuration.GetSection(RecordOptions.Section).Get<RecordOptions>() ?? new());
        errors.AddRange(record?.Errors() ?? []);

        var telemetry = TelemetryOptions.Read(configuration);
        errors.AddRange(telemetry.Errors());

        // Only the host can check whether the text is a valid schedule.
        if (configuration["Reconciler:Schedule"] is not null)
            errors.Add("Reconciler:Schedule has a new name, ReconcilerSchedule: rename the setting.");
        else if (string.IsNullOrWhiteSpace(configuration["ReconcilerSchedule"]))
            errors.Add(
                "ReconcilerSchedule is not set: write NCRONTAB with seconds, such as '0 * * * * *' for every minute."
            );

        return errors is []
            ? new(
                database!,
                postgres!,
                createSchema,
                identity!,
                authentication!,
                directory!,
                notifications,
                policies!,
                clusters!,
                installation!,
                log!,
                telemetry,
                record!
            )
            : throw new InvalidSettingsException(errors);

        T? Bind<T>(Func<T> read)
        {
            try
            {
                return read();
            }
            catch (InvalidOperationException e)
            {
                // The message names the setting, and the type to which it cannot be converted.
                errors.Add(e.Message);
                return default;
            }
        }
    }

    /// <summary>The settings that the creation of the tables needs.</summary>
    /// <exception cref="InvalidSettingsException">Contains all errors.</exception>
    public static (string Database, PostgresOptions Postgres, IdentityOptions Identity) ReadDatabase(
        IConfiguration configuration
    )
    {
        try
        {
            var database = configuration.GetConnectionString("Postgres");
            var postgres = configuration.GetSection(PostgresOptions.Section).Get<PostgresOptions>() ?? new();
            var identity = IdentityOptions.Read(configuration);
            List<string> errors =
            [
                .. DatabaseError(database) is { } wrong ? [wrong] : postgres.Errors(database!),
                .. identity.Errors(),
            ];
            return errors is [] ? (database!, postgres, identity) : throw new InvalidSettingsException(errors);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidSettingsException([e.Message]);
        }
    }

    // Never includes Npgsql's message: it may quote the password.
    private static string? DatabaseError(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
            return "ConnectionStrings:Postgres is not set: name the database of the event store.";
        try
        {
            using var opensNothing = NpgsqlDataSource.Create(connectionString);
            return null;
        }
        catch (Exception e)
            when (e is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            return "ConnectionStrings:Postgres cannot be read: write it as 'Host=…;Database=…;Username=…;Password=…'.";
        }
    }
}
