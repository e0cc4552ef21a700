using System.Text.Json;
using System.Text.Json.Serialization;

namespace JitFunctions.KubectlJit.Api;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessRequest))]
[JsonSerializable(typeof(NewRequest))]
[JsonSerializable(typeof(NewReview))]
[JsonSerializable(typeof(NewEnding))]
[JsonSerializable(typeof(RequestPage))]
[JsonSerializable(typeof(RecordedEvent))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ApiJson : JsonSerializerContext;
