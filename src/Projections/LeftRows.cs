using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// Rows of read models that say something of requests which are final. The version before, which runs beside this one
/// during an update and alone after a roll-back, may not know these read models: it ends a request and leaves its row.
/// Nothing else would ever remove it, and it would count against its human for good.
/// </summary>
public static class LeftRows
{
    private static readonly string[] Tables = ["mt_doc_openrequest", "mt_doc_reviewnotice"];

    /// <returns>How many there were.</returns>
    public static async Task<int> RemoveLeftRows(this IDocumentSession session, CancellationToken cancellation)
    {
        var removed = 0;
        foreach (var table in Tables)
        {
            await using var delete = new NpgsqlCommand(
                $"""
                delete from {EventStore.Schema}.{table} o
                where exists (select from {EventStore.Schema}.mt_doc_requestdetails d where d.id = o.id and d.is_final)
                """
            );
            removed += await session.ExecuteAsync(delete, cancellation);
        }

        return removed;
    }
}
