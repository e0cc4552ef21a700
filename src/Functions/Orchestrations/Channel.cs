using System.Diagnostics;
using JitFunctions.Domain.Identity;
using JitFunctions.Projections;

namespace JitFunctions.Functions.Orchestrations;

/// <summary>The ways by which events come about.</summary>
internal static class Channel
{
    public static readonly Provenance Orchestration = new(Principal.System, "orchestration", null);
    public static readonly Provenance Reconciler = new(Principal.System, "reconciler", null);
    public static readonly Provenance Policies = new(Principal.System, "policies", null);

    public static Provenance Api(Principal caller) => new(caller, "api", Activity.Current?.TraceId.ToString());
}
