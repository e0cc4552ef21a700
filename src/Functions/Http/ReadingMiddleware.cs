using System.Globalization;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Record;
using JitFunctions.Domain.Text;
using JitFunctions.Functions.Platform;
using JitFunctions.Projections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Http;

/// <summary>
/// Records who reads the records of others, for functions that have <see cref="ReadsRecordAttribute"/>. It runs after
/// the function, which knows whether the caller may read, and before the first byte of the answer: the result of a
/// function is sent only when all middleware is done. What cannot be recorded is not answered.
/// </summary>
public sealed class ReadingMiddleware(
    ApiStore store,
    RecentReadings recent,
    TimeProvider clock,
    ILogger<ReadingMiddleware> log
) : IFunctionsWorkerMiddleware
{
    private const string RetryAfterSeconds = "5";
    private const string PositionParameter = "after";
    private const string IdParameter = "id";

    /// <summary>Where an answer begins or ends, not what is in it.</summary>
    private static readonly string[] PagingParameters = [PositionParameter, "cursor", "limit", "wait"];

    /// <summary>Canonical JSON has no larger number.</summary>
    private const long LargestNumber = 1L << 53;

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        await next(context);
        if (
            !FunctionAttributes.Has<ReadsRecordAttribute>(context.FunctionDefinition.Name)
            || context.ReadOwnOnly()
            || context.GetInvocationResult() is not { Value: not null and not ProblemHttpResult } result
        )
            return;

        var http = context.GetHttpContext()!;
        if (
            !await TryRecordAsync(
                Of(context.Caller().Principal, context.FunctionDefinition.Name, http.Request, clock.GetUtcNow()),
                http.RequestAborted
            )
        )
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            result.Value = Problems.ReadingNotRecorded();
        }
    }

    internal static RecordEvent.Read Of(Principal reader, string call, HttpRequest http, DateTimeOffset now)
    {
        var filters = http
            .Query.Where(parameter => !PagingParameters.Contains(parameter.Key))
            .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Key}={parameter.Value}")
            .ToList();
        return new(
            reader,
            call,
            now,
            http.RouteValues.TryGetValue(IdParameter, out var id) ? ShortText.Name($"{id}") : null,
            filters is [] ? null : ShortText.Message(string.Join('&', filters)),
            long.TryParse(
                http.Query[PositionParameter],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var position
            )
                ? Math.Min(position, LargestNumber - 1)
                : null
        );
    }

    private async Task<bool> TryRecordAsync(RecordEvent.Read reading, CancellationToken cancellation)
    {
        if (recent.Cover(reading))
            return true;
        try
        {
            await store.Documents.RecordAsync(reading, Channel.Api(reading.By), cancellation);
            recent.Note(reading);
            return true;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(e, "A reading could not be recorded, so it was refused");
            return false;
        }
    }
}

internal static class ReadingExtensions
{
    private const string Key = "jit.reads-own";

    /// <summary>The caller reads only their own records: these readings are not recorded.</summary>
    public static void ReadsOwn(this FunctionContext context) => context.Items[Key] = true;

    /// <summary>As the other, if the caller is the requester or a possible approver of the request.</summary>
    public static void ReadsOwn(this FunctionContext context, RequestDetails request)
    {
        if (context.Caller().IsPartyTo(request))
            context.ReadsOwn();
    }

    public static bool ReadOwnOnly(this FunctionContext context) => context.Items.ContainsKey(Key);
}
