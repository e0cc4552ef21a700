using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using JitFunctions.EmbeddedHost.History;
using Microsoft.DurableTask.Protobuf;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Storage;

internal sealed class InstanceQueries(TaskHubDatabase database)
{
    private const string Columns =
        "id, name, version, execution, status, created_at, updated_at, failure, input, output, custom_status";

    private const string Page = $"""
        select {Columns} from taskhub.instances
        where id > @after
          and (@from is null or created_at >= @from)
          and (@until is null or created_at <= @until)
          and (@statuses is null or status = any(@statuses))
          and starts_with(id, @prefix)
        order by id
        limit @size
        """;

    public async Task<OrchestrationState?> FindAsync(string id, bool withData, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            $"select {Columns} from taskhub.instances where id = @id"
        );
        command.Parameters.AddWithValue("id", id);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader, withData) : null;
    }

    /// <summary>
    /// Returns pages ordered by id. The last id of a full page is the continuation token for the next page.
    /// </summary>
    public async Task<IReadOnlyList<OrchestrationState>> ListAsync(
        InstanceQuery query,
        int size,
        CancellationToken cancellation
    )
    {
        await using var command = database.Source.CreateCommand(Page);
        command.Parameters.AddWithValue("after", query.ContinuationToken ?? string.Empty);
        command.Parameters.AddWithValue("prefix", query.InstanceIdPrefix ?? string.Empty);
        command.Parameters.AddWithValue("size", size);
        Filters.Add(command, query.CreatedTimeFrom, query.CreatedTimeTo, query.RuntimeStatus);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<OrchestrationState> page = [];
        while (await reader.ReadAsync(cancellation))
            page.Add(Read(reader, query.FetchInputsAndOutputs));
        return page;
    }

    private static OrchestrationState Read(NpgsqlDataReader reader, bool withData)
    {
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        string? Data(int column) => withData ? Text(column) : null;
        Timestamp Time(int column) => Timestamp.FromDateTimeOffset(reader.GetFieldValue<DateTimeOffset>(column));

        var status = Statuses.Read(reader.GetString(4));
        return new OrchestrationState
        {
            InstanceId = reader.GetString(0),
            Name = reader.GetString(1),
            Version = reader.GetString(2),
            ExecutionId = Events.ExecutionId(reader.GetInt32(3)),
            OrchestrationStatus = status,
            CreatedTimestamp = Time(5),
            LastUpdatedTimestamp = Time(6),
            CompletedTimestamp = Statuses.Finished.Contains(status) ? Time(6) : null,
            FailureDetails = Text(7) is { } failure ? JsonParser.Default.Parse<TaskFailureDetails>(failure) : null,
            Input = Data(8),
            Output = Data(9),
            CustomStatus = Data(10),
        };
    }
}
