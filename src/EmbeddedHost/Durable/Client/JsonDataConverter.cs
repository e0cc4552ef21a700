using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.Options;

namespace JitFunctions.EmbeddedHost.Durable.Client;

/// <summary>Uses the app's <see cref="JsonSerializerOptions"/>, as the Functions worker does.</summary>
internal sealed class JsonDataConverter(IOptions<JsonSerializerOptions> options) : DataConverter
{
    public override string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType(), options.Value);

    public override object? Deserialize(string? data, Type targetType)
        => data is null ? null : JsonSerializer.Deserialize(data, targetType, options.Value);
}
