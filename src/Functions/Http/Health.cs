using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Npgsql;

namespace JitFunctions.Functions.Http;

/// <summary><c>GET /api/health</c>: ready when the event store answers. The only function that asks for no token.</summary>
public sealed class Health(NpgsqlDataSource database)
{
    [Function(nameof(Health))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest http, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellation);
        return ApiJson.Result(new { status = "healthy" });
    }
}
