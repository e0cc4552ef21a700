using JitFunctions.Domain.Audit;
using Npgsql;
using NpgsqlTypes;

namespace JitFunctions.Projections;

/// <summary>The columns of <c>jit_actions</c> after the primary key, and how a row is written and read.</summary>
internal static class ActionRow
{
    public static readonly IReadOnlyList<(string Name, string Type, bool IsRequired)> Columns =
    [
        ("audit_id", "text", true),
        ("stage", "text", true),
        ("called_at", "timestamptz", true),
        ("at", "timestamptz", true),
        ("attribution", "text", true),
        ("grants", "text[]", true),
        ("also_covered_by", "text[]", true),
        ("is_after_end", "boolean", true),
        ("username", "text", true),
        ("impersonated", "text", false),
        ("verb", "text", true),
        ("api_group", "text", false),
        ("resource", "text", false),
        ("namespace", "text", false),
        ("name", "text", false),
        ("request_uri", "text", true),
        ("code", "integer", false),
        ("binding", "text", false),
        ("source_ips", "text[]", true),
        ("user_agent", "text", false),
        ("summary", "text", true),
        ("canonical", "bytea", true),
        ("received_at", "timestamptz", true),
    ];

    /// <summary>In the order of the table: the primary key, then <see cref="Columns"/>.</summary>
    public static readonly string Names = string.Join(
        ", ",
        Columns.Select(column => column.Name).Prepend("hash").Prepend("cluster")
    );

    public static async Task WriteAsync(
        NpgsqlBinaryImporter copy,
        KeptAction kept,
        DateTimeOffset receivedAt,
        CancellationToken cancellation
    )
    {
        var action = kept.Action;
        await copy.StartRowAsync(cancellation);
        await Text(action.Cluster);
        await copy.WriteAsync(Convert.FromHexString(action.Hash), NpgsqlDbType.Bytea, cancellation);
        await Text(action.AuditId);
        await Text(action.Stage.ToString());
        await copy.WriteAsync(action.ReceivedAt, NpgsqlDbType.TimestampTz, cancellation);
        await copy.WriteAsync(action.StageAt, NpgsqlDbType.TimestampTz, cancellation);
        await Text(action.Attribution.ToString());
        await Texts(action.Grants);
        await Texts(action.AlsoCoveredBy);
        await copy.WriteAsync(action.IsAfterEnd, NpgsqlDbType.Boolean, cancellation);
        await Text(action.User);
        await Text(action.ImpersonatedUser);
        await Text(action.Verb);
        await Text(action.ApiGroup);
        await Text(action.Resource);
        await Text(action.Namespace);
        await Text(action.Name);
        await Text(action.RequestUri);
        if (action.Code is { } code)
            await copy.WriteAsync(code, NpgsqlDbType.Integer, cancellation);
        else
            await copy.WriteNullAsync(cancellation);
        await Text(action.Binding);
        await Texts(action.SourceIps);
        await Text(action.UserAgent);
        await Text(action.Summary);
        await copy.WriteAsync(kept.Canonical, NpgsqlDbType.Bytea, cancellation);
        await copy.WriteAsync(receivedAt, NpgsqlDbType.TimestampTz, cancellation);

        Task Text(string? text) =>
            text is null ? copy.WriteNullAsync(cancellation) : copy.WriteAsync(text, NpgsqlDbType.Text, cancellation);

        Task Texts(IReadOnlyList<string> texts) =>
            copy.WriteAsync(texts.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation);
    }

    public static KeptAction Read(NpgsqlDataReader row)
    {
        return new(
            new(
                row.GetString(0),
                Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1)),
                row.GetString(2),
                Enum.Parse<AuditStage>(row.GetString(3)),
                row.GetFieldValue<DateTimeOffset>(4),
                row.GetFieldValue<DateTimeOffset>(5),
                Enum.Parse<AttributionKind>(row.GetString(6)),
                row.GetFieldValue<string[]>(7),
                row.GetFieldValue<string[]>(8),
                row.GetString(10),
                Text(11),
                row.GetString(12),
                Text(13),
                Text(14),
                Text(15),
                Text(16),
                row.GetString(17),
                row.IsDBNull(18) ? null : row.GetInt32(18),
                Text(19),
                row.GetFieldValue<string[]>(20),
                Text(21),
                row.GetString(22)
            )
            {
                IsAfterEnd = row.GetBoolean(9),
            },
            row.GetFieldValue<byte[]>(23)
        );

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }
}
