using System.Buffers;
using System.Text.Json;
using JitFunctions.Domain.Dossiers;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Http.Audit;

internal enum DossierForm
{
    Json,
    CloudEvents,
    CloudEventBatch,
    Page,
}

/// <summary>
/// Writes a dossier in each of its forms, without HTTP. Actions are written as they are read: there may be many.
/// </summary>
internal sealed class DossierWriter(DossierReader dossiers)
{
    // Deeper than an answer of the API usually is: an event has terms, these a scope, this has rules.
    private static readonly JsonSerializerOptions Json = new(JsonForm.Options) { MaxDepth = 32 };

    public Task WriteAsync(Dossier dossier, DossierForm form, Stream to, CancellationToken cancellation) =>
        form switch
        {
            DossierForm.Json => WriteJsonAsync(dossier, to, cancellation),
            DossierForm.Page => DossierPage.WriteAsync(dossier, Actions(dossier, cancellation), to, cancellation),
            _ => WriteEventsAsync(dossier, form == DossierForm.CloudEventBatch, to, cancellation),
        };

    private IAsyncEnumerable<DossierAction> Actions(Dossier dossier, CancellationToken cancellation) =>
        dossiers.ActionsAsync(dossier.Request, dossier.Seal.Seal?.ReceivedUntil, cancellation);

    private async Task WriteJsonAsync(Dossier dossier, Stream to, CancellationToken cancellation)
    {
        // The serializer flushes its writer synchronously, which an HTTP answer refuses. So it writes into memory.
        var buffer = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        foreach (var (name, value) in Parts(dossier))
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, Json);
        }

        json.WriteStartArray("events");
        foreach (var one in dossier.Events)
            JsonSerializer.Serialize(json, View(one), Json);
        json.WriteEndArray();
        json.WriteStartArray("recorded");
        await foreach (var one in Actions(dossier, cancellation))
        {
            JsonSerializer.Serialize(json, View(one), Json);
            await SendAsync();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        await SendAsync();

        async Task SendAsync()
        {
            await to.WriteAsync(buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
        }
    }

    // CloudEvents 1.0 in structured JSON, one a line or as a batch.
    private async Task WriteEventsAsync(Dossier dossier, bool isBatch, Stream to, CancellationToken cancellation)
    {
        var isFirst = true;
        if (isBatch)
            await to.WriteAsync("["u8.ToArray(), cancellation);
        var last = dossier.Events[^1];
        await Add(
            "dossier",
            $"{dossier.Request}/{last.Version}/dossier",
            last.Fact.At,
            Parts(dossier).ToDictionary(part => part.Name, part => part.Value)
        );
        foreach (var one in dossier.Events)
            await Add(one.Type, $"{dossier.Request}/{one.Version}", one.Fact.At, View(one));
        await foreach (var one in Actions(dossier, cancellation))
            await Add("action", one.Action.Hash, one.Action.StageAt, View(one));
        if (isBatch)
            await to.WriteAsync("]"u8.ToArray(), cancellation);

        async Task Add(string type, string id, DateTimeOffset at, object data)
        {
            if (isBatch && !isFirst)
                await to.WriteAsync(","u8.ToArray(), cancellation);
            isFirst = false;
            await JsonSerializer.SerializeAsync(
                to,
                new
                {
                    specversion = "1.0",
                    id,
                    source = $"/api/requests/{dossier.Request}",
                    type = $"jit.{type}",
                    subject = dossier.Request,
                    time = at,
                    datacontenttype = "application/json",
                    data,
                },
                Json,
                cancellation
            );
            if (!isBatch)
                await to.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }

    private static IEnumerable<(string Name, object? Value)> Parts(Dossier dossier) =>
        [
            ("request", dossier.Request),
            ("asked", dossier.Asked),
            ("policy", dossier.Policy),
            ("decisions", dossier.Decisions),
            ("life", dossier.Life),
            ("actions", dossier.Actions),
            ("end", dossier.End),
            ("remains", dossier.Remains),
            ("gaps", dossier.Gaps),
            ("seal", dossier.Seal),
            ("log", dossier.Log),
        ];

    private static object View(DossierEvent one) =>
        new
        {
            one.Version,
            one.Type,
            one.Fact.At,
            one.Index,
            Data = (object)one.Fact,
        };

    private static object View(DossierAction one) => new { one.Action, ArrivedAfterTheSeal = one.IsLate };
}
