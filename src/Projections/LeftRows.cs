using Marten;
using Npgsql;

namespace JitFunctions.Projections;

/// <summary>
/// Removes rows of read models that belong to final requests. The previous version, which runs beside this one during
/// an update and alone after a rollback, may not know these read models: it ends a request and leaves its row. Nothing
/// else would ever remove such a row, and it would count against the limit of its requester forever.
/// </summary>
public static class LeftRows
{
    private static readonly string[] Tables = ["mt_doc_openrequest", "mt_doc_reviewnotice"];

    /// <returns>The number of removed rows.</returns>
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
