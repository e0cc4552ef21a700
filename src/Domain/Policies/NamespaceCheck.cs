using JitFunctions.Domain.Scopes;

namespace JitFunctions.Domain.Policies;

/// <summary>
/// Checks whether bindings can be created in the namespaces of a request. Nothing can be granted in a namespace that is
/// missing or is being deleted.
/// </summary>
public static class NamespaceCheck
{
    /// <returns>Null when bindings can be created in all of them, and for the whole cluster.</returns>
    public static Rejection? WhyNot(Scope scope, ClusterFacts facts)
    {
        if (scope.Namespaces is [])
            return null;
        if (facts.NamespaceStates is not { } states || scope.Namespaces.Any(name => !states.ContainsKey(name)))
            return Rejection.NamespacesUnresolved(facts.Failure);

        var missing = In(NamespaceState.Missing);
        var terminating = In(NamespaceState.Terminating);
        return missing is [_, ..] ? Rejection.UnknownNamespace(scope.Cluster, missing)
            : terminating is [_, ..] ? Rejection.NamespaceTerminating(scope.Cluster, terminating)
            : null;

        IReadOnlyList<string> In(NamespaceState state) => [.. scope.Namespaces.Where(name => states[name] == state)];
    }
}
