using System.Diagnostics;
using System.Globalization;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;

namespace JitFunctions.Benchmarks;

/// <summary>
/// How long it takes to evaluate a request against a thousand policies, without the calls to the cluster.
/// </summary>
internal static class PolicyBenchmark
{
    private const int Policies = 1000;

    // A look-up is too short for the clock: so many make one measured value.
    private const int LookUpsAtOnce = 1000;

    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly RoleRef Edit = new(RoleKind.ClusterRole, "edit");

    // As many rules, and as dangerous ones, as Kubernetes' own edit has.
    private static readonly IReadOnlyList<RbacRule> EditRules =
    [
        new(
            [""],
            ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"],
            ["get", "list", "watch"]
        ),
        new([""], ["serviceaccounts"], ["impersonate"]),
        new(
            [""],
            ["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"],
            ["create", "delete", "deletecollection", "patch", "update"]
        ),
        new(
            [""],
            [
                "configmaps",
                "events",
                "persistentvolumeclaims",
                "replicationcontrollers",
                "secrets",
                "serviceaccounts",
                "services",
            ],
            ["create", "delete", "patch", "update"]
        ),
        new(
            ["apps"],
            ["daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets", "statefulsets"],
            ["create", "delete", "patch", "update"]
        ),
        new(["autoscaling"], ["horizontalpodautoscalers"], ["create", "delete", "patch", "update"]),
        new(["batch"], ["cronjobs", "jobs"], ["create", "delete", "patch", "update"]),
        new(["networking.k8s.io"], ["ingresses", "networkpolicies"], ["create", "delete", "patch", "update"]),
        new([""], ["configmaps", "endpoints", "pods", "pods/log", "pods/status", "services"], ["get", "list", "watch"]),
        new(
            ["apps"],
            ["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"],
            ["get", "list", "watch"]
        ),
    ];

    public static Task<IReadOnlyList<Table>> RunAsync(Sizes sizes, CancellationToken cancellation)
    {
        // Everybody's policies are about all of them in one set, and about ten of them in the other.
        var (crowded, usual) = (Set(i => "everybody"), Set(i => $"team-{i / 10}"));
        var table = crowded.Policies.ToDictionary(policy => ("demo", policy.Limits.Namespaces[0].Text, Edit));
        var random = new Random(1);

        var (all, few, none, lookUp) = (
            new Durations($"covered by one of {Policies}, all of them about the person"),
            new Durations($"covered by one of {Policies}, ten of them about the person"),
            new Durations($"covered by none of {Policies}, and explained"),
            new Durations("baseline: look-up in a dictionary")
        );
        for (var i = 0; i < sizes.Evaluations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var chosen = random.Next(Policies);
            all.Add(
                Time(() => Expect(Evaluate(crowded, "everybody", $"ns-{chosen}").Covering?.Name == $"policy-{chosen}"))
            );
            few.Add(
                Time(() =>
                    Expect(Evaluate(usual, $"team-{chosen / 10}", $"ns-{chosen}").Covering?.Name == $"policy-{chosen}")
                )
            );
            none.Add(
                Time(() =>
                    Expect(Evaluate(usual, $"team-{chosen / 10}", "elsewhere").Refusal is { Code: "not-covered" })
                )
            );
            lookUp.Add(
                Time(() =>
                {
                    for (var j = 0; j < LookUpsAtOnce; j++)
                        Expect(table.ContainsKey(("demo", $"ns-{chosen}", Edit)));
                })
            );
        }

        return Task.FromResult<IReadOnlyList<Table>>([Render((all, 1), (few, 1), (none, 1), (lookUp, LookUpsAtOnce))]);
    }

    private static PolicySet Set(Func<int, string> group) =>
        new(
            "sha256:0",
            [],
            [],
            LinkedAccounts.None,
            [],
            [
                .. Enumerable
                    .Range(0, Policies)
                    .Select(i => new AccessPolicy(
                        $"policy-{i}",
                        new Subjects([group(i)], [], [], []),
                        new ScopeLimits(
                            [new("demo")],
                            [new($"ns-{i}")],
                            new Dictionary<string, string>(),
                            ClusterWide: false,
                            [Edit],
                            []
                        ),
                        new TimeLimits(
                            TimeSpan.FromMinutes(30),
                            TimeSpan.FromHours(1),
                            TimeSpan.FromHours(4),
                            TimeSpan.Zero,
                            null
                        ),
                        new ApprovalRule([new(["leads"], 1)], null)
                    )),
            ]
        );

    private static PolicyEvaluation Evaluate(PolicySet policies, string group, string ns)
    {
        var scope = new Scope("demo", [ns], ClusterWide: false, Edit);
        return policies.Evaluate(
            new Caller(new("issuer#alice", "alice@example.com"), [group]),
            new RequestDraft(scope, TimeSpan.FromMinutes(20), "benchmark", null),
            new ClusterFacts(null, [new([ns], EditRules)], null),
            Now
        );
    }

    private static TimeSpan Time(Action what)
    {
        var start = Stopwatch.GetTimestamp();
        what();
        return Stopwatch.GetElapsedTime(start);
    }

    private static void Expect(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("A policy gave a wrong result.");
    }

    private static Table Render(params IReadOnlyList<(Durations Durations, int Times)> samples) =>
        new(
            "Evaluating a request against the policies",
            ["µs", "n", "p50", "p99", "max"],
            [
                .. samples.Select(x =>
                    (IReadOnlyList<string>)
                        [
                            x.Durations.What,
                            $"{x.Durations.Count}",
                            .. new[] { 0.5, 0.99, 1 }.Select(share =>
                                (x.Durations.Quantile(share)!.Value.TotalMicroseconds / x.Times).ToString(
                                    "0.00",
                                    CultureInfo.InvariantCulture
                                )
                            ),
                        ]
                ),
            ],
            [
                $"One thread, in the process of the benchmark. The look-ups are timed {LookUpsAtOnce} at once, "
                    + "key and all.",
            ],
            []
        );
}
