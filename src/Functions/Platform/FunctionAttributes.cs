using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace JitFunctions.Functions.Platform;

/// <summary>
/// The attributes of a function, for code that knows a function only by its name, such as a middleware or a gauge.
/// </summary>
internal static class FunctionAttributes
{
    private static readonly FrozenDictionary<string, MethodInfo> Functions = typeof(FunctionAttributes)
        .Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(FunctionAttribute), inherit: false))
        .ToFrozenDictionary(method => method.GetCustomAttribute<FunctionAttribute>()!.Name);

    /// <summary>False also for a function that does not exist.</summary>
    public static bool Has<T>(string function)
        where T : Attribute =>
        Functions.TryGetValue(function, out var method) && method.IsDefined(typeof(T), inherit: false);

    public static IReadOnlyList<string> NamesWith<T>()
        where T : Attribute => [.. Functions.Keys.Where(Has<T>).Order(StringComparer.Ordinal)];
}
