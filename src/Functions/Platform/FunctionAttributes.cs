using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Platform;

/// <summary>
/// What a function says of itself by an attribute, for those that know a function only by its name: a middleware, a
/// gauge.
/// </summary>
internal static class FunctionAttributes
{
    private static readonly FrozenDictionary<string, MethodInfo> Functions = typeof(FunctionAttributes)
        .Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: false))
        .ToFrozenDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

    /// <summary>False also for a function that there is not.</summary>
    public static bool Has<T>(string function)
        where T : Attribute =>
        Functions.TryGetValue(function, out var method) && method.IsDefined(typeof(T), inherit: false);

    public static IReadOnlyList<string> NamesWith<T>()
        where T : Attribute => [.. Functions.Keys.Where(Has<T>).Order(StringComparer.Ordinal)];
}
