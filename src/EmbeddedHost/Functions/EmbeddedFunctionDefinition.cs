using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace JitFunctions.EmbeddedHost.Functions;

internal sealed class EmbeddedFunctionDefinition(string name, MethodInfo method) : FunctionDefinition
{
    public override ImmutableArray<FunctionParameter> Parameters { get; } =
        [.. method.GetParameters().Select(parameter => new FunctionParameter(parameter.Name!, parameter.ParameterType))];

    public override string PathToAssembly { get; } = method.Module.Assembly.Location;

    public override string EntryPoint { get; } = $"{method.DeclaringType!.FullName}.{method.Name}";

    public override string Id => Name;

    public override string Name { get; } = name;

    public override IImmutableDictionary<string, BindingMetadata> InputBindings { get; } = method.GetParameters()
        .Where(parameter => parameter.IsDefined(typeof(BindingAttribute)))
        .ToImmutableDictionary(parameter => parameter.Name!, BindingMetadata (parameter) => new Binding(parameter));

    public override IImmutableDictionary<string, BindingMetadata> OutputBindings => ImmutableDictionary<string, BindingMetadata>.Empty;

    private sealed class Binding(ParameterInfo parameter) : BindingMetadata
    {
        public override string Name { get; } = parameter.Name!;

        public override BindingDirection Direction => BindingDirection.In;

        // HttpTriggerAttribute → httpTrigger, as function.json has it.
        public override string Type { get; } = TypeOf(parameter.GetCustomAttribute<BindingAttribute>()!.GetType().Name);

        private static string TypeOf(string attribute) => char.ToLowerInvariant(attribute[0]) + attribute[1..^nameof(Attribute).Length];
    }
}
