using System.Text.Json;
using System.Text.Json.Serialization;
using JitFunctions.Domain.Text;

namespace JitFunctions.Projections;

/// <summary>
/// The JSON format of values in requests and responses of the API. Notices and metrics use the same format.
/// </summary>
public static class JsonForm
{
    public static readonly JsonSerializerOptions Options = Create();

    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Strict) { MaxDepth = 8 };
        EventStore.ConfigureJson(options);
        options.Converters.Insert(0, new KubernetesDurationConverter());
        return options;
    }
}

internal sealed class KubernetesDurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Durations come in as text, so that a wrong one is named in the problem.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(KubernetesDuration.Format(value));
}
