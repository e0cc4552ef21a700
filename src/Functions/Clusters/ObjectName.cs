namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Names of objects in addresses of the API server. The client puts names into them as they are, and the name of an
/// RBAC object may hold anything but <c>/</c> and <c>%</c>: <c>x?y</c> would be read as the object <c>x</c>.
/// </summary>
internal static class ObjectName
{
    public static string InAddress(string name) => Uri.EscapeDataString(name);
}
