using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections.Held;
using JitFunctions.Projections.Log;
using Marten;
using Npgsql;
using Weasel.Core;

namespace JitFunctions.Projections;

/// <summary>The configuration of the event store in PostgreSQL.</summary>
public static class EventStore
{
    public const string Schema = LogTables.Schema;

    /// <summary>The JSON of stored events, and of everything that the API returns about them.</summary>
    public static void ConfigureJson(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        // Written as in Kubernetes.
        json.Converters.Add(new JsonStringEnumConverter<RoleKind>());
        json.Converters.Add(new JsonStringEnumConverter<GrantObjectKind>());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }

    /// <summary>Creates or updates the tables. This runs at deployment, with the role that owns them.</summary>
    /// <param name="role">The role of the app, which is granted only what it needs; or null.</param>
    public static async Task CreateSchemaAsync(IDocumentStore store, string? role, CancellationToken cancellation)
    {
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        if (role is null)
            return;
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(cancellation);
        await using var grant = new NpgsqlCommand(EventStoreRole.Grants(role), connection);
        await grant.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>True if this role could change recorded events, whatever it is granted.</summary>
    public static async Task<bool> MayChangeTablesAsync(
        IDocumentStore store,
        string role,
        CancellationToken cancellation
    )
    {
        await using var connection = store.Storage.Database.CreateConnection();
        await connection.OpenAsync(cancellation);
        await using var ask = new NpgsqlCommand(EventStoreRole.MayChangeTables, connection)
        {
            Parameters = { new("role", role) },
        };
        return await ask.ExecuteScalarAsync(cancellation) is true;
    }

    /// <param name="createSchema">Only for development: in production the schema is created at deployment.</param>
    public static void Configure(StoreOptions options, NpgsqlDataSource database, bool createSchema)
    {
        options.Connection(database);
        options.DatabaseSchemaName = Schema;
        options.AutoCreateSchemaObjects = createSchema ? AutoCreate.CreateOrUpdate : AutoCreate.None;
        // AsInteger disables Marten's own enum converter, which would take precedence over the names from
        // ConfigureJson.
        options.UseSystemTextJsonForSerialization(EnumStorage.AsInteger, Casing.CamelCase, ConfigureJson);

        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.UserNameEnabled = true;
        foreach (var (type, name) in EventNames.All)
            options.Events.MapEventType(type, name);

        options.Listeners.Add(new AppendLock());

        options.Projections.Add(new AccessRequests(), ProjectionLifecycle.Live);
        options.Projections.Add(new RequestDetailsProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new PendingApprovalProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new OwedReviewProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new OwedSealProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new RemainsNoticeProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new ReviewNoticeProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new OpenRequestProjection(), ProjectionLifecycle.Inline);
        options.Projections.Add(new AuditTrailProjection(), ProjectionLifecycle.Inline);

        options.Storage.Add(new LogTables());
        options.Storage.Add(new HeldTables());

        options.Schema.For<RequestDetails>().Duplicate(x => x.IsFinal).Duplicate(x => x.RequestedAt);
        // An index instead of a duplicated column, because the previous version continues to write without that column.
        options.Schema.For<RequestDetails>().Index(x => x.RemovalDueAt!);
        options.Schema.For<OpenRequest>().GinIndexJsonData();
        options.Schema.For<ReviewNotice>().Duplicate(x => x.Since);
        options.Schema.For<PendingFirstUse>();
        options.Schema.For<OwedReview>().Duplicate(x => x.ReviewBy);
        options.Schema.For<OwedSeal>().Duplicate(x => x.ProvenAt);
        options.Schema.For<AuditEntry>().Duplicate(x => x.At).Duplicate(x => x.Stream).Duplicate(x => x.Actor);
        options.Schema.For<ReconcilerReport>();
        options.Schema.For<TokenMembership>().UseOptimisticConcurrency(true);
        ActionTables.Configure(options);
    }
}
