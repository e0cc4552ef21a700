using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace JitFunctions.KubectlJit.Api;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(AccessRequest))]
[JsonSerializable(typeof(NewRequest))]
[JsonSerializable(typeof(NewReview))]
[JsonSerializable(typeof(NewExtension))]
[JsonSerializable(typeof(NewEnding))]
[JsonSerializable(typeof(Nothing))]
[JsonSerializable(typeof(Credential))]
[JsonSerializable(typeof(ClusterAddress))]
[JsonSerializable(typeof(RequestPage))]
[JsonSerializable(typeof(RecordedEvent))]
[JsonSerializable(typeof(HeldPage))]
[JsonSerializable(typeof(HeldPeriod))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(PolicyOffers))]
[JsonSerializable(typeof(Simulation))]
[JsonSerializable(typeof(RightQuestion))]
[JsonSerializable(typeof(RightHolders))]
[JsonSerializable(typeof(PolicyVersions))]
[JsonSerializable(typeof(PolicyVersion))]
[JsonSerializable(typeof(WhoAmI))]
[JsonSerializable(typeof(ReconcilerReports))]
[JsonSerializable(typeof(VersionReport))]
internal sealed partial class ApiJson : JsonSerializerContext;

internal static class JsonReading
{
    /// <exception cref="JsonException">The JSON does not match the API, or is <c>null</c>.</exception>
    public static T Read<T>(this JsonElement json, JsonTypeInfo<T> type) =>
        json.Deserialize(type) ?? throw new JsonException("null instead of an object");

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, CancellationToken cancel) =>
        JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
}
