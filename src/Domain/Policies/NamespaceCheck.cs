using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// Whether the namespaces of a request can take a binding. Nothing could be granted in one that is missing, or is being
/// deleted.
/// </summary>
public static class NamespaceCheck
{
    /// <returns>Null when all of them can, and for the whole cluster.</returns>
    public static Rejection? WhyNot(Scope scope, ClusterFacts facts)
    {
        if (scope.Namespaces is [])
            return null;
        if (facts.NamespaceStates is not { } states || scope.Namespaces.Any(name => !states.ContainsKey(name)))
            return Rejection.NamespacesUnresolved(facts.Trouble);

        var missing = In(NamespaceState.Missing);
        var terminating = In(NamespaceState.Terminating);
        return missing is [_, ..] ? Rejection.UnknownNamespace(scope.Cluster, missing)
            : terminating is [_, ..] ? Rejection.NamespaceTerminating(scope.Cluster, terminating)
            : null;

        IReadOnlyList<string> In(NamespaceState state) => [.. scope.Namespaces.Where(name => states[name] == state)];
    }
}
