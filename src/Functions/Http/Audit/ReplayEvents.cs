using System.Text.Json;
using JasperFx.Events;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;
using Marten;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Http.Audit;

/// <summary>The event streams themselves, as NDJSON, or all of them as CloudEvents.</summary>
public sealed class ReplayEvents(IQuerySession session, ApiStore store, CurrentInstallation installation)
{
    private const string LastSequenceHeader = "Jit-Last-Sequence";
    private const string NdJson = "application/x-ndjson";
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary><c>GET /api/requests/{id}/events</c>: one request's stream.</summary>
    [Function(nameof(ReplayRequest))]
    [ReadsRecord]
    public async Task<IResult> ReplayRequest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "requests/{id}/events")] HttpRequest http,
        string id,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (
            await session.LoadAsync<RequestDetails>(id, cancellation) is not { } details
            || !context.Caller().MaySee(details)
        )
            return Problems.From(Rejection.NotFound(id));

        context.ReadsOwn(details);
        return Lines(await session.Events.FetchStreamAsync(id, token: cancellation));
    }

    /// <summary><c>GET /api/audit/events</c>: every stream, in order, from where the reader stopped.</summary>
    [Function(nameof(ReplayAudit))]
    [ReadsRecord]
    public async Task<IResult> ReplayAudit(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "audit/events")] HttpRequest http,
        FunctionContext context,
        CancellationToken cancellation
    )
    {
        if (!context.Caller().IsAuditor)
            return Problems.NotAllowed(
                "Only auditors may replay all events. Ask the platform team for the auditors' group."
            );

        var query = new QueryFields(http, "after", "limit", "since", "until");
        var after = query.Number("after", fallback: 0, least: 0, most: long.MaxValue);
        var limit = (int)query.Number("limit", fallback: 1000, least: 1, most: 10_000);
        var (since, until) = (query.Time("since"), query.Time("until"));
        if (query.Problem is { } problem)
            return problem;

        var settled = await store.Database.SettledSequence(cancellation);
        var events = await session.ReplayAll(after, settled, limit, since, until, cancellation);
        http.HttpContext.Response.Headers[LastSequenceHeader] = (
            events is [.., var last] ? last.Sequence : after
        ).ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (!IsAskedFor(http, EventCloudEvents.BatchMediaType))
            return Lines(events);
        var id = (await installation.GetAsync(cancellation)).Id;
        return TypedResults.Bytes(
            EventCloudEvents.FormatBatch(events.Select(e => EventCloudEvents.Of(e, id))),
            EventCloudEvents.BatchMediaType
        );
    }

    private static bool IsAskedFor(HttpRequest http, string mediaType) =>
        http.GetTypedHeaders().Accept.Any(one => one.MediaType == mediaType);

    private static IResult Lines(IReadOnlyList<IEvent> events) =>
        TypedResults.Stream(
            async body =>
            {
                foreach (var e in events)
                {
                    await JsonSerializer.SerializeAsync(body, EventView.From(e), JsonForm.Options);
                    await body.WriteAsync(NewLine);
                }
            },
            NdJson
        );
}

internal sealed record EventView(
    long Sequence,
    string Stream,
    long Version,
    string Type,
    DateTimeOffset Timestamp,
    string? Actor,
    string? ActorSubject,
    string Channel,
    string? CorrelationId,
    object Data
)
{
    public static EventView From(IEvent e) =>
        new(
            e.Sequence,
            e.StreamKey!,
            e.Version,
            e.EventTypeName,
            e.Timestamp,
            e.UserName,
            Provenance.SubjectOf(e),
            Provenance.ChannelOf(e),
            e.CorrelationId,
            e.Data
        );
}
