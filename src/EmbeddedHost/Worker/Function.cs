using System.Diagnostics;
using System.Text.Json;
using JitFunctions.EmbeddedHost.Protocol;

namespace JitFunctions.EmbeddedHost.Worker;

/// <summary>One function of the app, as the worker declares it: a name, one trigger, and the other bindings.</summary>
internal sealed class Function
{
    private readonly string _triggerParameter;
    private readonly string[] _clientParameters;

    /// <exception cref="InvalidOperationException">
    /// The function has a binding that this host does not support.
    /// </exception>
    public Function(RpcFunctionMetadata metadata)
    {
        (Id, Name) = (metadata.FunctionId, metadata.Name);
        var bindings = metadata.RawBindings.Select(raw => JsonDocument.Parse(raw).RootElement.Clone()).ToArray();
        Trigger = bindings.Single(binding => Text(binding, "type")!.EndsWith("Trigger", StringComparison.Ordinal));
        _triggerParameter = Text(Trigger, "name")!;
        _clientParameters =
        [
            .. bindings
                .Where(binding => Text(binding, "type") == "durableClient")
                .Select(binding => Text(binding, "name")!),
        ];
    }

    public string Id { get; }

    public string Name { get; }

    /// <summary>The trigger's binding, as in a function.json.</summary>
    public JsonElement Trigger { get; }

    public string TriggerType => Text(Trigger, "type")!;

    /// <summary>The name under which clients and orchestrators call the function.</summary>
    public string DurableName => this["orchestration"] ?? this["activity"] ?? Name;

    public bool HasDurableClient => _clientParameters.Length > 0;

    /// <summary>A string property of the trigger's binding; null when it is absent.</summary>
    public string? this[string property] => Text(Trigger, property);

    /// <summary>Creates a request to invoke the function, with the current trace context.</summary>
    public InvocationRequest Request(
        TypedData? input,
        string durableClient,
        params IEnumerable<(string Name, string Value)> metadata
    )
    {
        var span = Activity.Current;
        var request = new InvocationRequest
        {
            InvocationId = Guid.NewGuid().ToString(),
            FunctionId = Id,
            // The worker requires a trace context, even an empty one.
            TraceContext = new RpcTraceContext
            {
                TraceParent = span?.Id ?? string.Empty,
                TraceState = span?.TraceStateString ?? string.Empty,
            },
        };
        request.InputData.Add(new ParameterBinding { Name = _triggerParameter, Data = input ?? new TypedData() });
        foreach (var client in _clientParameters)
            request.InputData.Add(
                new ParameterBinding
                {
                    Name = client,
                    Data = new TypedData { String = durableClient },
                }
            );
        foreach (var (name, value) in metadata)
            request.TriggerMetadata[name] = new TypedData { String = value };
        return request;
    }

    private static string? Text(JsonElement binding, string name) =>
        binding
            .EnumerateObject()
            .FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            is { Value.ValueKind: JsonValueKind.String } found
            ? found.Value.GetString()
            : null;
}
