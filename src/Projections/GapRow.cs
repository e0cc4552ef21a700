using JitFunctions.Domain.Audit;
using Npgsql;

namespace JitFunctions.Projections;

/// <param name="ReceivedAt">When it was received, by the clock of the app: a gap has no time of its own.</param>
public sealed record StoredGap(string Cluster, AuditGap Gap, DateTimeOffset ReceivedAt);

internal static class GapRow
{
    public static readonly IReadOnlyList<string> Scraped =
    [
        "audit_id",
        "username",
        "impersonated",
        "verb",
        "api_group",
        "resource",
        "namespace",
        "name",
    ];

    public static readonly string Names =
        $"cluster, hash, length, reason, detail, raw, {string.Join(", ", Scraped)}, received_at";

    public static NpgsqlBatchCommand Insert(string cluster, AuditGap gap, DateTimeOffset receivedAt) =>
        new(
            $"""
            insert into {ActionTables.Gaps} ({Names})
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            on conflict do nothing
            """
        )
        {
            Parameters =
            {
                new() { Value = cluster },
                new() { Value = Convert.FromHexString(gap.Hash) },
                new() { Value = gap.Length },
                new() { Value = gap.Reason.ToString() },
                new() { Value = gap.Detail },
                new() { Value = gap.Raw.ToArray() },
                Text(gap.Scraped.AuditId),
                Text(gap.Scraped.User),
                Text(gap.Scraped.ImpersonatedUser),
                Text(gap.Scraped.Verb),
                Text(gap.Scraped.ApiGroup),
                Text(gap.Scraped.Resource),
                Text(gap.Scraped.Namespace),
                Text(gap.Scraped.Name),
                new() { Value = receivedAt },
            },
        };

    public static StoredGap Read(NpgsqlDataReader row)
    {
        return new(
            row.GetString(0),
            new(
                Enum.Parse<GapReason>(row.GetString(3)),
                row.GetString(4),
                row.GetFieldValue<byte[]>(5),
                row.GetInt32(2),
                Convert.ToHexStringLower(row.GetFieldValue<byte[]>(1)),
                new(Text(6), Text(7), Text(8), Text(9), Text(10), Text(11), Text(12), Text(13))
            ),
            row.GetFieldValue<DateTimeOffset>(14)
        );

        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
    }

    private static NpgsqlParameter Text(string? text) =>
        new() { Value = text ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text };
}
