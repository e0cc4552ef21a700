using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Npgsql;

namespace JitFunctions.EmbeddedHost.Durable.Storage;

internal sealed class InstanceQueries(DurableDatabase database, DataConverter converter)
{
    private const string Columns = "id, name, status, created_at, updated_at, failure, input, output, custom_status";

    private const string Page = $"""
        select {Columns} from durable.instances
        where id > @after
          and (@from is null or created_at >= @from)
          and (@until is null or created_at <= @until)
          and (@statuses is null or status = any(@statuses))
          and starts_with(id, @prefix)
        order by id
        limit @size
        """;

    public async Task<OrchestrationMetadata?> FindAsync(string id, bool withData, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand($"select {Columns} from durable.instances where id = @id");
        command.Parameters.AddWithValue("id", id);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader, withData) : null;
    }

    public async Task<IReadOnlyList<OrchestrationMetadata>> ListAsync(
        OrchestrationQuery query, string after, int size, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(Page);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("prefix", query.InstanceIdPrefix ?? string.Empty);
        command.Parameters.AddWithValue("size", size);
        Filters.Add(command, query.CreatedFrom, query.CreatedTo, query.Statuses);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        List<OrchestrationMetadata> page = [];
        while (await reader.ReadAsync(cancellation))
            page.Add(Read(reader, query.FetchInputsAndOutputs));
        return page;
    }

    private OrchestrationMetadata Read(NpgsqlDataReader reader, bool withData)
    {
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        string? Data(int column) => withData ? Text(column) : null;

        return new OrchestrationMetadata(reader.GetString(1), reader.GetString(0))
        {
            RuntimeStatus = Enum.Parse<OrchestrationRuntimeStatus>(reader.GetString(2)),
            CreatedAt = reader.GetFieldValue<DateTimeOffset>(3),
            LastUpdatedAt = reader.GetFieldValue<DateTimeOffset>(4),
            FailureDetails = Text(5) is { } failure ? JsonSerializer.Deserialize<TaskFailureDetails>(failure) : null,
            SerializedInput = Data(6),
            SerializedOutput = Data(7),
            SerializedCustomStatus = Data(8),
            DataConverter = withData ? converter : null,
        };
    }
}
