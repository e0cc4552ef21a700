namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Names of objects in URLs of the API server. The client inserts names unescaped, and the name of an RBAC object may
/// contain anything but <c>/</c> and <c>%</c>: <c>x?y</c> would be read as the object <c>x</c>.
/// </summary>
internal static class ObjectName
{
    public static string InAddress(string name) => Uri.EscapeDataString(name);
}
