using System.Diagnostics;
using Npgsql;

namespace JitFunctions.Projections.Tests.Log;

/// <summary>Counts the statements that are sent to one database.</summary>
internal sealed class StatementCount : IDisposable
{
    private readonly ActivityListener _listener;
    private int _count;

    public StatementCount(NpgsqlDataSource database)
    {
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database!;
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = statement =>
            {
                // Other tests use other databases.
                if (
                    statement.Kind is ActivityKind.Client
                    && statement.TagObjects.Any(tag => tag.Value is string text && text == name)
                )
                    Interlocked.Increment(ref _count);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => _count;

    public void Dispose() => _listener.Dispose();
}
