using System.ComponentModel;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>Where one parameter of a function gets its value from.</summary>
internal sealed record ParameterBinding(Func<Invocation, object?> Value)
{
    public static ParameterBinding For(string function, ParameterInfo parameter, TriggerBindingAttribute trigger)
    {
        var type = parameter.ParameterType;
        if (parameter.IsDefined(typeof(TriggerBindingAttribute)))
            return new(ForTrigger(function, type, trigger));
        if (parameter.IsDefined(typeof(DurableClientAttribute)) && type == typeof(DurableTaskClient))
            return new(invocation => invocation.InstanceServices.GetRequiredService<DurableTaskClient>());
        if (type == typeof(FunctionContext))
            return new(invocation => invocation);
        if (type == typeof(CancellationToken))
            return new(invocation => invocation.CancellationToken);
        if (trigger is HttpTriggerAttribute && TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string)))
            return new(invocation => RouteValue(invocation, parameter));

        throw new InvalidOperationException(
            $"Function '{function}': this host cannot bind the parameter '{parameter.Name}' of type {type}.");
    }

    private static Func<Invocation, object?> ForTrigger(string function, Type type, TriggerBindingAttribute trigger) => trigger switch
    {
        HttpTriggerAttribute when type == typeof(HttpRequest) => invocation => ((HttpContext)invocation.TriggerValue!).Request,
        TimerTriggerAttribute when type == typeof(TimerInfo) => invocation => invocation.TriggerValue,
        OrchestrationTriggerAttribute when type == typeof(TaskOrchestrationContext) => invocation => invocation.TriggerValue,
        ActivityTriggerAttribute => invocation
            => invocation.InstanceServices.GetRequiredService<DataConverter>().Deserialize((string?)invocation.TriggerValue, type),
        _ => throw new InvalidOperationException(
            $"Function '{function}': this host cannot bind {trigger.GetType().Name} to a parameter of type {type}."),
    };

    private static object? RouteValue(Invocation invocation, ParameterInfo parameter)
    {
        if (invocation.BindingContext.BindingData.GetValueOrDefault(parameter.Name!)?.ToString() is not { } text)
            return parameter.HasDefaultValue ? parameter.DefaultValue : null;
        try
        {
            return TypeDescriptor.GetConverter(parameter.ParameterType).ConvertFromInvariantString(text);
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or NotSupportedException)
        {
            throw new RouteValueException(parameter.Name!, unreadable);
        }
    }
}

/// <summary>A route value is not of the parameter's type: nothing is there under such an address.</summary>
internal sealed class RouteValueException(string parameter, Exception cause)
    : Exception($"The route value '{parameter}' is not of its parameter's type.", cause);
