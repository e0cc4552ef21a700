using System.Diagnostics;
using JitFunctions.Domain.Identity;

namespace JitFunctions.Projections;

/// <summary>The channels through which events are caused.</summary>
public static class Channel
{
    public static Provenance Orchestration => By(Principal.System, "orchestration");

    public static Provenance Reconciler => By(Principal.System, "reconciler");

    /// <summary>The audit log of a cluster.</summary>
    public static Provenance Audit => By(Principal.System, "audit");

    public static Provenance Policies => By(Principal.System, "policies");

    public static Provenance Api(Principal caller) => By(caller, "api");

    private static Provenance By(Principal actor, string channel) =>
        new(actor, channel, Activity.Current?.TraceId.ToString());
}
