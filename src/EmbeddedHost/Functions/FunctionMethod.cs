using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace JitFunctions.EmbeddedHost.Functions;

/// <summary>Calls a static or instance method, sync or async; an instance is made and disposed for every call.</summary>
internal sealed class FunctionMethod
{
    private readonly MethodInfo _method;
    private readonly ObjectFactory? _factory;
    private readonly Func<Task, object?> _result;

    public FunctionMethod(MethodInfo method)
    {
        _method = method;
        _factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, []);
        _result = method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>)
            ? method.ReturnType.GetProperty(nameof(Task<>.Result))!.GetValue
            : static _ => null;
    }

    public async Task<object?> CallAsync(IServiceProvider services, object?[] arguments)
    {
        var instance = _factory?.Invoke(services, null);
        try
        {
            var returned = _method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null);
            if (returned is not Task task)
                return returned;
            await task;
            return _result(task);
        }
        finally
        {
            if (instance is IAsyncDisposable asyncDisposable)
                await asyncDisposable.DisposeAsync();
            else
                (instance as IDisposable)?.Dispose();
        }
    }
}
