using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Projections.Tests;

/// <summary>One sample of every event, and a request to start from.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");
    public static readonly Principal Bob = new("https://issuer#b2", "bob@example.com");
    public static readonly Provenance ByAlice = new(Alice, "api", "trace-1");
    public static readonly Provenance ByBob = new(Bob, "api", "trace-2");
    public static readonly Provenance BySystem = new(Principal.System, "orchestration", null);
    public static readonly RequestTerms Terms = new(
        new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit")),
        TimeSpan.FromMinutes(90), "restart the stuck consumer", "INC-4711");
    public static readonly PolicySnapshot Policy = new("payments-on-call", "sha256:00", false, ["payments-leads"], 1, TimeSpan.FromHours(4));
    public static readonly BindingRef Binding = new("payments", "jit-3f9k2m7xq0ab", "uid-1");

    public static readonly IReadOnlyList<object> Events =
    [
        new Requested(Alice, ["payments-devs"], Terms, Policy, Noon.AddHours(4), "fingerprint", Noon),
        new Reviewed(Bob, Verdict.Approve, "go", Noon),
        new Approved(Automatic: false, Noon.AddHours(1), Noon),
        new Denied(Bob, "not today", Noon),
        new Withdrawn(Alice, null, Noon),
        new Lapsed(Noon),
        new ActivationStarted(Noon),
        new ActivationDelayed(2, "the cluster does not answer", Noon),
        new Activated(Noon.AddMinutes(90), [Binding], Noon),
        new EndingStarted(EndingCause.Relinquished, Alice, "done", Noon),
        new RevocationDelayed(3, AlarmLevel.Error, "the cluster does not answer", Noon),
        new Ended(EndingCause.Expired, new DenialProof(DenialVerdict.Denied, "RBAC: none"), Noon),
        new Failed("no such namespace", Noon),
        new DriftFound(new Drift(DriftKind.Edited, "payments", "jit-3f9k2m7xq0ab", "another subject", DriftRemedy.Restored), Noon),
        new ClusterEvent.StrayBindingRemoved("payments", "jit-000000000000", "ClusterRole/edit", ["User/mallory"], Noon),
    ];

    public static IReadOnlyList<AccessRequestEvent> Open() => AccessRequestDecider.Open(As(Alice, "payments-devs"), Terms, Policy, "fingerprint", Noon);

    public static Caller As(Principal who, params string[] groups) => new(who, groups);
}
