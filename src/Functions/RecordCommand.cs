using JitFunctions.Domain.Identity;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace JitFunctions.Functions;

/// <summary>
/// <c>record erase</c> erases a person, <c>record prune</c> deletes recorded actions that are old enough. Both need the
/// role that owns the tables, which the app must not have, and both are recorded.
/// </summary>
internal static class RecordCommand
{
    private const string Usage =
        "usage: record prune | record erase --person SUBJECT [--also-name NAME]... --reason TEXT";

    public static bool IsMeant(string[] args) => args is ["record", ..];

    /// <exception cref="InvalidSettingsException">The arguments, the settings, the database or the role are not
    /// valid.</exception>
    /// <returns>0 if it is done, 1 if it was refused or a name is left.</returns>
    public static async Task<int> RunAsync(
        string[] args,
        IHostApplicationBuilder builder,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var erasure = args switch
        {
            ["record", "prune"] => null,
            ["record", "erase", .. var options] => Read(options),
            _ => throw new InvalidSettingsException([Usage]),
        };
        var (connectionString, postgres, identity) = Settings.ReadDatabase(builder.Configuration);
        var settings = ReadOptions(builder.Configuration);
        builder.Services.AddEventStore(
            connectionString,
            postgres,
            new AppCredentials(identity, TimeProvider.System),
            createSchema: false
        );
        await using var services = builder.Services.BuildServiceProvider();
        var store = services.GetRequiredService<IDocumentStore>();
        try
        {
            var by = await OperatorAsync(services.GetRequiredService<NpgsqlDataSource>(), cancellation);
            return erasure is { } asked
                ? await EraseAsync(store, asked, settings, by, output, cancellation)
                : await PruneAsync(store, settings, by, output, cancellation);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new InvalidSettingsException([
                "The role of ConnectionStrings:Postgres may not change the record: use that of the tables' owner.",
            ]);
        }
    }

    private static async Task<int> EraseAsync(
        IDocumentStore store,
        Erasure asked,
        RecordOptions settings,
        Principal by,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var outcome = await new PersonErasure(store, TimeProvider.System).EraseAsync(
            new(asked.Person, asked.AlsoNames, asked.Reason, by, settings.Hold),
            cancellation
        );
        if (outcome.Refusal is { } why)
        {
            await output.WriteLineAsync($"Nothing was erased. {why}");
            return 1;
        }

        await output.WriteLineAsync(
            outcome.Fact is { } fact
                ? $"The person is now {fact.Placeholder}: {fact.Events} events and {fact.Actions} actions changed, "
                    + $"{fact.Disclosures} disclosures deleted."
                : "Nothing in the record names this person."
        );
        foreach (var place in outcome.Left)
            await output.WriteLineAsync($"A name is still in {place}");
        return outcome.Left is [] ? 0 : 1;
    }

    private static async Task<int> PruneAsync(
        IDocumentStore store,
        RecordOptions settings,
        Principal by,
        TextWriter output,
        CancellationToken cancellation
    )
    {
        var fact = await new RecordPruning(store, TimeProvider.System).PruneAsync(
            settings.KeepActions,
            settings.Hold,
            by,
            cancellation
        );
        await output.WriteLineAsync(
            fact is null
                ? "Nothing was deleted."
                : $"Deleted {fact.Actions} actions, {fact.Gaps} gaps and {fact.Counts} counts from before "
                    + $"{fact.Before:u}; {fact.Held} are on legal hold."
        );
        return 0;
    }

    private static Erasure Read(string[] options)
    {
        var (person, reason, names) = ((string?)null, (string?)null, new List<string>());
        for (var i = 0; i < options.Length; i += 2)
        {
            if (i + 1 == options.Length || string.IsNullOrWhiteSpace(options[i + 1]))
                throw new InvalidSettingsException([Usage]);
            switch (options[i])
            {
                case "--person" when person is null:
                    person = options[i + 1];
                    break;
                case "--reason" when reason is null:
                    reason = options[i + 1];
                    break;
                case "--also-name":
                    names.Add(options[i + 1]);
                    break;
                default:
                    throw new InvalidSettingsException([Usage]);
            }
        }

        return person is null || reason is null ? throw new InvalidSettingsException([Usage])
            : person == Principal.System.Subject
                ? throw new InvalidSettingsException(["The system itself is no person and cannot be erased."])
            : new(person, names, reason);
    }

    private static RecordOptions ReadOptions(IConfiguration configuration)
    {
        try
        {
            var options = configuration.GetSection(RecordOptions.Section).Get<RecordOptions>() ?? new();
            return options.Errors().ToList() is [_, ..] errors ? throw new InvalidSettingsException(errors) : options;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidSettingsException([e.Message]);
        }
    }

    /// <summary>Who runs the command, as the machine and the database know them.</summary>
    private static async Task<Principal> OperatorAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select session_user::text");
        return new(
            $"database:{await command.ExecuteScalarAsync(cancellation)}",
            $"{Environment.UserName}@{Environment.MachineName}"
        );
    }

    private sealed record Erasure(string Person, IReadOnlyList<string> AlsoNames, string Reason);
}
