namespace Microsoft.Azure.Functions.Worker;

/// <summary>Marks a method as a function. The name is the one that routes, logs and durable calls use.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
