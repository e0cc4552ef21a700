using JitFunctions.Domain.Policies;
using JitFunctions.PolicyReading;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>A valid file with every field there is, and what the tests do with it.</summary>
internal static class PolicySample
{
    public const string File = "policy.yaml";

    public const string Rich = """
        administrators: [platform-admins]
        auditors: [auditors]
        people:
          - [alice@example.com, alice.admin@example.com]
          - [bob@example.com, bob.admin@example.com, bob@partner.example]
        denials:
          - name: contractors-stay-out
            groups: [contractors]
            exceptUsers: [trusted@partner.example]
            clusters: ["prod-*"]
            namespaces: ["payments*"]
            roles: [ClusterRole/admin]
            dangerousRights: [impersonate]
            because: "Contractors get no rights in production."
          - name: nobody-in-the-vault
            namespaces: [vault]
            because: Nobody gets into the vault.
        policies:
          - name: payments-on-call
            groups: [payments-devs]
            users: [zoe@example.com]
            exceptGroups: [interns]
            exceptUsers: [mallory@example.com]
            clusters: [prod-eu, "stage-*"]
            namespaces: [payments, "payments-*"]
            namespaceLabels: { team: payments, example.com/tier: "1", legacy: "" }
            clusterWide: false
            roles: [ClusterRole/edit, Role/debugger]
            rules:
              - apiGroups: [""]
                resources: [pods, pods/log]
                verbs: [get, delete]
                resourceNames: ["consumer-*"]
              - resources: [configmaps]
                verbs: ["*"]
            maxDuration: 1h30m
            defaultDuration: 30m
            pendingWindow: 4h
            scheduledStart: 168h
            hours:
              timeZone: Europe/Berlin
              windows:
                - { days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00" }
                - { days: [sat], from: 22:00, to: "24:00" }
            reason: 'INC-\d+ .*'
            ticket: '(INC|CHG)-\d+'
            approval:
              automatic:
                maxDuration: 15m
                ticket: CHG-\d+
                hours: { timeZone: UTC, windows: [{ days: [sun], from: "00:00", to: "06:00" }] }
                harmless: true
              requirements:
                - { groups: [payments-leads, payments-managers], count: 2 }
                - { groups: [security] }
            dangerousRights:
              allow: [read-secrets, enter-pods]
              approvals: [{ groups: [security-leads] }]
            extension: { maxDuration: 30m, total: 4h, review: true }
            breakGlass: { maxDuration: 30m, reviewWithin: 24h }
            enforcement: identity
            roleGrowth: end
            overlap: refuse
          - name: short-form
            groups: [payments-devs]
            clusters: ["*"]
            clusterWide: true
            roles: [ClusterRole/system:discovery]
            maxDuration: 168h
            approval: { groups: [payments-leads], required: 2 }
            dangerousRights: refuse
          - name: open
            users: [zoe@example.com]
            clusters: [stage-eu]
            namespaceLabels: { playground: "true" }
            rules: [{ resources: [pods], verbs: [get] }]
            maxDuration: 5s
            approval: { automatic: true }
            extension: { maxDuration: 5s, total: 1m, review: false }
        openRequests: { perPerson: 30, total: 3000 }
        """;

    public static PolicySet Parse(params string[] contents) =>
        PolicyFiles.Parse([
            .. contents.Select((content, i) => new PolicyFileText(i == 0 ? File : $"{i}-{File}", content)),
        ]);

    public static IReadOnlyList<string> ErrorsOf(params string[] contents) =>
        Assert.Throws<InvalidPolicyException>(() => Parse(contents)).Errors;

    /// <summary>The sample with one place changed.</summary>
    public static string With(string good, string other)
    {
        Assert.Contains(good, Rich, StringComparison.Ordinal);
        var at = Rich.IndexOf(good, StringComparison.Ordinal);
        return Rich[..at] + other + Rich[(at + good.Length)..];
    }
}
