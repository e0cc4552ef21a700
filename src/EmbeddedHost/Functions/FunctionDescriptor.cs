using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>One function of the app: its method, its trigger and how its parameters are bound.</summary>
internal sealed class FunctionDescriptor
{
    private readonly FunctionMethod _method;
    private readonly ParameterBinding[] _bindings;

    /// <exception cref="InvalidOperationException">The function cannot be run by this host; the message says why.</exception>
    public FunctionDescriptor(string name, MethodInfo method)
    {
        var parameters = method.GetParameters();
        var triggers = parameters.SelectMany(parameter => parameter.GetCustomAttributes<TriggerBindingAttribute>()).ToArray();
        if (triggers.Length != 1)
            throw new InvalidOperationException($"Function '{name}' has {triggers.Length} triggers; it needs exactly one.");

        Name = name;
        Trigger = triggers[0];
        _method = new FunctionMethod(method);
        _bindings = [.. parameters.Select(parameter => ParameterBinding.For(name, parameter, Trigger))];
        Definition = new EmbeddedFunctionDefinition(name, method);
    }

    public string Name { get; }

    public TriggerBindingAttribute Trigger { get; }

    public FunctionDefinition Definition { get; }

    /// <summary>The name under which clients and orchestrators call the function.</summary>
    public string DurableName => Trigger switch
    {
        OrchestrationTriggerAttribute { Orchestration: { Length: > 0 } name } => name,
        ActivityTriggerAttribute { Activity: { Length: > 0 } name } => name,
        _ => Name,
    };

    /// <summary>Calls the method itself, without middleware.</summary>
    public Task<object?> CallAsync(Invocation invocation)
        => _method.CallAsync(invocation.InstanceServices, [.. _bindings.Select(binding => binding.Value(invocation))]);
}
