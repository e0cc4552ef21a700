namespace JitFunctions.Functions.Tests.Policies;

/// <summary>One change that makes the sample invalid.</summary>
/// <param name="Bad">The error is told of the place that « marks, if it does.</param>
/// <param name="Error">Part of an error that is then found.</param>
/// <param name="Structural">Whether a JSON Schema can find it too.</param>
public sealed record PolicyMistake(string Good, string Bad, string Error, bool Structural)
{
    private const string Mark = "«";

    public string Text => PolicySample.With(Good, Bad.Replace(Mark, "", StringComparison.Ordinal));

    /// <summary>What the error begins with.</summary>
    public string Place
    {
        get
        {
            var marked = PolicySample.With(Good, Bad);
            if (marked.IndexOf(Mark, StringComparison.Ordinal) is var at && at < 0)
                return $"{PolicySample.File}:";
            var line = marked[..at].Count(c => c is '\n');
            return $"{PolicySample.File}:{line + 1}:{at - marked.LastIndexOf('\n', at)}: ";
        }
    }

    public override string ToString() => $"{Good.Trim()} → {Bad.Trim()}";
}

internal static class PolicyMistakes
{
    private const string Requirements =
        "      requirements:\n        - { groups: [payments-leads, payments-managers], count: 2 }\n        - { "
        + "groups: [security] }\n";
    private const string Automatic =
        "      automatic:\n        maxDuration: 15m\n        ticket: CHG-\\d+\n        hours: { timeZone: UTC, "
        + "windows: [{ days: [sun], from: \"00:00\", to: \"06:00\" }] }\n        harmless: true\n";

    public static IReadOnlyList<PolicyMistake> All { get; } =
    [
        .. Subjects(),
        .. Limits(),
        .. Rules(),
        .. Times(),
        .. Hours(),
        .. Expressions(),
        .. Approvals(),
        .. Dangers(),
        .. Longer(),
        .. Root(),
        .. Denials(),
    ];

    private static IEnumerable<PolicyMistake> Subjects() =>
        [
            Form(
                "    groups: [payments-devs]",
                "    «grups: [payments-devs]",
                "unknown field 'grups' in a policy; known are name, groups,"
            ),
            Form("  - name: payments-on-call\n    groups", "  - «groups", "a policy needs a name."),
            Form("name: payments-on-call", "name: «payments on call", "'name' must be a name of at most 63"),
            Form("name: payments-on-call", "name: «4711", "'name' must be text: put it in quotes, \"4711\"."),
            Form(
                "name: payments-on-call",
                "name: «null",
                "'name' must be a name of at most 63 letters, digits, '.', '_' and '-', not nothing."
            ),
            Form(
                "name: payments-on-call",
                "name: «[a]",
                "'name' must be a name of at most 63 letters, digits, '.', '_' and '-', not a list."
            ),
            Form("    groups: [payments-devs]\n    users: [zoe@example.com]\n", "", "say who may ask"),
            Form("groups: [payments-devs]", "groups: «[]", "'groups' is an empty list"),
            Form("groups: [payments-devs]", "groups:«", "'groups' must be a list"),
            Form("users: [zoe@example.com]", "users: «zoe@example.com", "'users' must be a list"),
            Form(
                "users: [zoe@example.com]",
                "users: [«[zoe@example.com]]",
                "'users' must be a group or user as tokens name it"
            ),
            Form(
                "users: [zoe@example.com]",
                "users: [yes, «true]",
                "'users' must be text: put it in quotes, \"true\"."
            ),
            Form("users: [zoe@example.com]", "users: [«\"zoe\\u0007\"]", "'users' must be"),
            Form("users: [zoe@example.com]", "users: [«\"zoe\\u202Emoc.elpmaxe\"]", "'users' must be"),
            Form("users: [zoe@example.com]", "users: [«\"zo\\u200Be@example.com\"]", "'users' must be"),
            Form("users: [zoe@example.com]", "users: [«\"zoe@example.com \"]", "'users' must be"),
            Form("users: [zoe@example.com]", "users: [«\"\"]", "'users' must be"),
            Form(
                "users: [zoe@example.com]",
                "users: [zoe@example.com, «zoe@example.com]",
                "'users' has 'zoe@example.com' twice."
            ),
            Form("users: [zoe@example.com]", "users: [«\"system:serviceaccount:a:b\"]", "'users' must be"),
            Form(
                "groups: [payments-devs]",
                "groups: [«\"system:masters\"]",
                "'groups' must be a group or user as tokens name it (256 characters at most; 'system:…' is "
                    + "Kubernetes' own), not 'system:masters'."
            ),
            Form("groups: [payments-devs]", "groups: [«\"System:Masters\"]", "'groups' must be"),
            Form("exceptGroups: [interns]", "exceptGroups: [«\"system:authenticated\"]", "'exceptGroups' must be"),
            Form("exceptUsers: [mallory@example.com]", "exceptUsers: «[]", "'exceptUsers' is an empty list"),
            Meant(
                "exceptGroups: [interns]",
                "exceptGroups: «[payments-devs]",
                "'payments-devs' is both named and excepted."
            ),
            Meant(
                "exceptUsers: [mallory@example.com]",
                "exceptUsers: «[Zoe@example.com]",
                "'Zoe@example.com' is both named and excepted."
            ),
            Meant("name: short-form", "name: «Payments-On-Call", "'Payments-On-Call' is at policy.yaml:19 already"),
            Meant(
                "name: short-form",
                "name: «nobody-in-the-vault",
                "'nobody-in-the-vault' is at policy.yaml:15 already"
            ),
            Form("users: [zoe@example.com]", $"users: [{new string('z', 257)}]", "'users' must be"),
        ];

    private static IEnumerable<PolicyMistake> Limits() =>
        [
            Form("    clusters: [prod-eu, \"stage-*\"]\n", "", "say for which 'clusters'"),
            Form("\"stage-*\"", "«\"stage-?\"", "'clusters' must be a name, or a pattern with *"),
            Form("\"stage-*\"", "«Stage", "'clusters' must be"),
            Form("\"stage-*\"", "«stage-", "'clusters' must be"),
            Form(
                "namespaces: [payments, \"payments-*\"]",
                "namespaces: [payments, «payments]",
                "'namespaces' has 'payments' twice."
            ),
            Form("namespaces: [payments, \"payments-*\"]", "namespaces: «[]", "'namespaces' is an empty list"),
            Form(
                "    namespaces: [payments, \"payments-*\"]\n    namespaceLabels: { team: payments, "
                    + "example.com/tier: \"1\", legacy: \"\" }\n",
                "",
                "say for which 'namespaces'"
            ),
            Form("{ team: payments,", "{ team: payments, «team: payroll,", "not YAML"),
            Form(
                "{ team: payments, example.com/tier: \"1\", legacy: \"\" }",
                "«{}",
                "'namespaceLabels' must be a mapping"
            ),
            Form(
                "{ team: payments, example.com/tier: \"1\", legacy: \"\" }",
                "«[team]",
                "'namespaceLabels' must be a mapping"
            ),
            Form("example.com/tier: \"1\"", "example.com/tier: «1", "'namespaceLabels' must be text: put it in quotes"),
            Form("team: payments", "team: «[payments]", "'namespaceLabels' must be the value of a label"),
            Form("team: payments", "team: «pay*", "'namespaceLabels' must be the value of a label, not 'pay*'."),
            Form("team: payments", "«-team: payments", "'namespaceLabels' must be the key of a label"),
            Form("clusterWide: false", "clusterWide: «\"true\"", "'clusterWide' must be true or false, not 'true'."),
            Form("clusterWide: false", "clusterWide: «yes", "'clusterWide' must be true or false, not 'yes'."),
            Form("Role/debugger", "«ClusterRole/*", "'roles' must be Role/name or ClusterRole/name (no patterns)"),
            Form("Role/debugger", "«ClusterRole/debug*", "'roles' must be"),
            Form("Role/debugger", "«debugger", "'roles' must be"),
            Form("Role/debugger", "«role/debugger", "'roles' must be"),
            Form("Role/debugger", "«Role/a/b", "'roles' must be"),
            Form("Role/debugger", "«Role/..", "'roles' must be"),
            Form("Role/debugger", "«Role/", "'roles' must be"),
            Form("Role/debugger", "«Role/a%2fb", "'roles' must be"),
            Form("Role/debugger", "«ClusterRole/edit", "'roles' has 'ClusterRole/edit' twice."),
            Form("roles: [ClusterRole/edit, Role/debugger]", "roles: «[]", "'roles' is an empty list"),
            Form("    clusterWide: true\n", "    clusterWide: false\n", "say for which 'namespaces'"),
            Form("    roles: [ClusterRole/system:discovery]\n", "", "say for which 'roles' or 'rules'."),
            Meant(
                "    dangerousRights: refuse\n",
                "",
                "ClusterRole/system:discovery belongs to a part of Kubernetes itself: say what the policy allows of it"
            ),
        ];

    private static IEnumerable<PolicyMistake> Rules() =>
        [
            Form("resourceNames: [\"consumer-*\"]", "resourceNames: «[]", "'resourceNames' is an empty list"),
            Form("resourceNames: [\"consumer-*\"]", "resourceNames:«", "'resourceNames' must be a list"),
            Form(
                "resourceNames: [\"consumer-*\"]",
                "resourceNames: [«a/b]",
                "'resourceNames' must be the name of an object"
            ),
            Form("apiGroups: [\"\"]", "apiGroups: «[]", "'apiGroups' is an empty list"),
            Form(
                "rules: [{ resources: [pods], verbs: [get] }]",
                "rules: [{ resources: «[], verbs: [get] }]",
                "'resources' is an empty list"
            ),
            Form(
                "rules: [{ resources: [pods], verbs: [get] }]",
                "rules: [{ resources: [pods], verbs: «[] }]",
                "'verbs' is an empty list"
            ),
            Form("apiGroups: [\"\"]", "apiGroups: [«\"*.k8s.io\"]", "'apiGroups' must be an API group"),
            Form("resources: [pods, pods/log]", "resources: [«Pods]", "'resources' must be a resource"),
            Form("resources: [pods, pods/log]", "resources: [«\"pods/*\"]", "'resources' must be a resource"),
            Form("verbs: [get, delete]", "verbs: [«\"get*\"]", "'verbs' must be a verb"),
            Form("verbs: [get, delete]", "verbs: [get, «get]", "'verbs' has 'get' twice."),
            Form("        resources: [pods, pods/log]\n", "", "a rule needs 'resources'."),
            Form("        verbs: [get, delete]\n", "", "a rule needs 'verbs'."),
            Form(
                "        verbs: [get, delete]\n",
                "        «nonResourceURLs: [/healthz]\n        verbs: [get]\n",
                "unknown field 'nonResourceURLs' in a rule"
            ),
            Form("rules: [{ resources: [pods], verbs: [get] }]", "rules: «[]", "'rules' is an empty list"),
            Form("rules: [{ resources: [pods], verbs: [get] }]", "rules: [«pods]", "a rule must be a mapping"),
            Form(
                "rules: [{ resources: [pods], verbs: [get] }]",
                "rules: [«{ apiGroups: [\"*\"], resources: [\"*\"], verbs: [\"*\"] }]",
                "all verbs on all resources of all API groups is full control"
            ),
            Form(
                "rules: [{ resources: [pods], verbs: [get] }]",
                "rules: [«{ apiGroups: [apps, \"*\"], resources: [pods, \"*\"], verbs: [get, \"*\"] }]",
                "is full control"
            ),
            Form(
                "rules: [{ resources: [pods], verbs: [get] }]",
                "rules: [«{ apiGroups: [\"*\"], resources: [\"*\"], verbs: [\"*\"], resourceNames: [\"*\"] }]",
                "is full control"
            ),
            Form(
                "rules: [{ resources: [pods], verbs: [get] }]",
                $"rules: [{{ resources: «[{string.Join(", ", Enumerable.Range(1, 51).Select(i => $"r{i}"))}], "
                    + $"verbs: [get] }}]",
                "'resources' has at most 50 entries"
            ),
            Form(
                "rules: [{ resources: [pods], verbs: [get] }]",
                $"rules: «[{string.Join(", ", Enumerable.Repeat("{ resources: [pods], verbs: [get] }", 51))}]",
                "'rules' has at most 50 rules."
            ),
        ];

    private static IEnumerable<PolicyMistake> Times() =>
        [
            Form("    maxDuration: 1h30m\n", "", "say the longest duration"),
            Form("maxDuration: 1h30m", "maxDuration: «90", "'maxDuration' must be a duration"),
            Form("maxDuration: 1h30m", "maxDuration: «\"90\"", "'maxDuration' must be a duration"),
            Form("maxDuration: 1h30m", "maxDuration: «''", "'maxDuration' must be a duration"),
            Form("maxDuration: 1h30m", "maxDuration: «1d", "'maxDuration' must be a duration"),
            Form("maxDuration: 1h30m", "maxDuration: «-1h", "'maxDuration' must be a duration"),
            Form("maxDuration: 1h30m", "maxDuration: «1h 30m", "'maxDuration' must be a duration"),
            Meant("maxDuration: 1h30m", "maxDuration: «169h", "'maxDuration' is at most 168h."),
            Meant("maxDuration: 1h30m", "maxDuration: «999999h999999m999999s", "'maxDuration' is at most 168h."),
            Meant("maxDuration: 1h30m", "maxDuration: «0s", "'maxDuration' is at least 5s."),
            Meant("defaultDuration: 30m", "defaultDuration: «91m", "'defaultDuration' is at most 1h30m."),
            Meant("pendingWindow: 4h", "pendingWindow: «0s", "'pendingWindow' is at least 1s."),
            Meant("pendingWindow: 4h", "pendingWindow: «721h", "'pendingWindow' is at most 720h."),
            Meant("scheduledStart: 168h", "scheduledStart: «721h", "'scheduledStart' is at most 720h."),
            Meant("scheduledStart: 168h", "scheduledStart: «0h", "'scheduledStart' is at least 1s."),
            Form("scheduledStart: 168h", "scheduledStart: «true", "'scheduledStart' must be a duration"),
        ];

    private static IEnumerable<PolicyMistake> Hours() =>
        [
            Form("      timeZone: Europe/Berlin\n", "", "'hours' needs a 'timeZone'"),
            Meant(
                "timeZone: Europe/Berlin",
                "timeZone: «Europe/Atlantis",
                "the time zone 'Europe/Atlantis' is not known on this machine"
            ),
            Form("timeZone: Europe/Berlin", "timeZone: «../../etc/passwd", "'timeZone' must be an IANA time zone"),
            Form("timeZone: Europe/Berlin", "timeZone: «right/Europe/Berlin", "'timeZone' must be an IANA time zone"),
            Form("timeZone: Europe/Berlin", "timeZone: «localtime", "'timeZone' must be an IANA time zone"),
            Form(
                "timeZone: Europe/Berlin",
                "timeZone: «W. Europe Standard Time",
                "'timeZone' must be an IANA time zone"
            ),
            Form("timeZone: Europe/Berlin", "timeZone: «\"+01:00\"", "'timeZone' must be an IANA time zone"),
            Form(
                "windows: [{ days: [sun], from: \"00:00\", to: \"06:00\" }]",
                "windows: «[]",
                "'windows' is an empty list"
            ),
            Form(", windows: [{ days: [sun], from: \"00:00\", to: \"06:00\" }]", "", "'hours' needs 'windows'."),
            Form("days: [sat]", "days: «[]", "'days' is an empty list"),
            Form(
                "days: [sat]",
                "days: [«saturday]",
                "'days' are mon, tue, wed, thu, fri, sat and sun, not 'saturday'."
            ),
            Form("days: [sat]", "days: [«Sat]", "'days' are mon"),
            Form("days: [sat]", "days: [sat, «sat]", "'days' has sat twice."),
            Form("days: [sat], ", "", "a window needs 'days'."),
            Form("from: 22:00, ", "", "a window needs 'from'."),
            Form(", to: \"24:00\"", "", "a window needs 'to'."),
            Form("from: 22:00", "from: «\"24:00\"", "'from' must be a time"),
            Form("from: 22:00", "from: «8:00", "'from' must be a time"),
            Form("from: 22:00", "from: «22", "'from' must be a time"),
            Form("to: \"24:00\"", "to: «\"24:01\"", "'to' must be a time"),
            Form("hours: { timeZone: UTC,", "hours: { «timezone: UTC,", "unknown field 'timezone' in 'hours'"),
        ];

    private static IEnumerable<PolicyMistake> Expressions() =>
        [
            Meant(
                @"reason: 'INC-\d+ .*'",
                "reason: «'(INC'",
                "'reason' cannot be used as a regular expression: Invalid pattern"
            ),
            Meant(
                @"reason: 'INC-\d+ .*'",
                "reason: «'a)|(?:b'",
                "'reason' cannot be used as a regular expression: Invalid pattern"
            ),
            Meant(@"reason: 'INC-\d+ .*'", "reason: «'(?=INC).*'", "'reason' cannot be used as a regular expression: "),
            Meant(@"reason: 'INC-\d+ .*'", @"reason: «'(a)\1'", "'reason' cannot be used as a regular expression: "),
            Meant(
                @"reason: 'INC-\d+ .*'",
                "reason: «'((a{99}){99}){99}'",
                "'reason' cannot be used as a regular expression: "
            ),
            Form(@"reason: 'INC-\d+ .*'", "reason: «''", "'reason' must be a regular expression"),
            Form(@"reason: 'INC-\d+ .*'", $"reason: {new string('a', 501)}", "'reason' must be a regular expression"),
            Form(@"ticket: '(INC|CHG)-\d+'", "ticket: «true", "'ticket' must be text"),
            Form(@"ticket: '(INC|CHG)-\d+'", "ticket: «[INC]", "'ticket' must be a regular expression"),
        ];

    private static IEnumerable<PolicyMistake> Approvals() =>
        [
            Form("    approval: { automatic: true }\n", "", "say who approves: 'approval'"),
            Form("approval: { automatic: true }", "approval: «{}", "'approval' has either people"),
            Form("approval: { automatic: true }", "approval:«", "'approval' must be a mapping"),
            Form("approval: { automatic: true }", "approval: «{ automatic: false }", "'approval' has either people"),
            Form(
                "approval: { automatic: true }",
                "approval: { automatic: «maybe }",
                "'automatic' must be true or false, not 'maybe'."
            ),
            Form(
                "approval: { automatic: true }",
                "approval: { automatic: «\"true\" }",
                "'automatic' must be true or false, not 'true'."
            ),
            Form(
                "approval: { automatic: true }",
                "approval: «{ automatic: true, groups: [leads] }",
                "'approval' has either people"
            ),
            Form(
                "approval: { automatic: true }",
                "approval: «{ automatic: true, requirements: [{ groups: [leads] }] }",
                "'approval' has either people"
            ),
            Form(
                "approval: { automatic: true }",
                "approval: { automatic: true, required: «2 }",
                "'required' makes no sense without 'groups'."
            ),
            Form("approval: { automatic: true }", "approval: { groups: «[] }", "'groups' is an empty list"),
            Form(
                "approval: { automatic: true }",
                "approval: «{ automatic: { harmless: true } }",
                "say who approves what is not automatic"
            ),
            Form(
                "approval: { automatic: true }",
                "approval: { automatic: «{}, groups: [leads] }",
                "'automatic' without a condition would approve everything"
            ),
            Form("approval: { automatic: true }", "approval: { requirements: «[] }", "'requirements' is an empty list"),
            Form(
                "approval: { automatic: true }",
                "approval: { requirements: «{ groups: [a] } }",
                "'requirements' must be a list"
            ),
            Form(
                "approval: { automatic: true }",
                "approval: { requirements: [«leads] }",
                "a requirement must be a mapping"
            ),
            Form(
                "approval: { automatic: true }",
                "approval: { requirements: [«{ count: 1 }] }",
                "a requirement needs 'groups'."
            ),
            Form(
                "approval: { automatic: true }",
                "approval: «{ requirements: [{ groups: [a] }], groups: [b] }",
                "'groups' is the short form of one requirement"
            ),
            Form(
                "approval: { automatic: true }",
                "approval: { requirements: [{ groups: [a] }], required: «2 }",
                "'required' goes with 'groups'; in 'requirements' it is 'count'."
            ),
            Form(
                "approval: { automatic: true }",
                "approval: { required: «2 }",
                "'required' makes no sense without 'groups'."
            ),
            Meant(
                "- { groups: [security] }",
                "- «{ groups: [payments-managers, payments-leads] }",
                "another requirement has the same groups"
            ),
            Form(
                "- { groups: [security] }",
                "- { groups: [«\"system:authenticated\"] }",
                "'groups' must be a group or user"
            ),
            Form(
                "- { groups: [security] }",
                "- { groups: [security], «required: 1 }",
                "unknown field 'required' in a requirement"
            ),
            Form("required: 2", "required: «0", "'required' must be a number from 1 to 20, not '0'."),
            Form("required: 2", "required: «21", "'required' must be a number from 1 to 20"),
            Form("required: 2", "required: «\"2\"", "'required' must be a number from 1 to 20"),
            Form("required: 2", "required: «1.5", "'required' must be a number from 1 to 20"),
            Form("count: 2", "count: «many", "'count' must be a number from 1 to 20"),
            Form(
                "- { groups: [security] }",
                string.Join("\n        ", Enumerable.Range(1, 10).Select(i => $"- {{ groups: [g{i}] }}")),
                "'requirements' has at most 10 requirements."
            ),
            Form(Automatic, "      «automatic: true\n", "'approval' has either people"),
            Form(Requirements, "", "say who approves what is not automatic"),
            Form("harmless: true", "harmless: «false", "'harmless' is true, or left out."),
            Form("harmless: true", "«harmles: true", "unknown field 'harmles' in 'automatic'"),
            Meant(
                "        maxDuration: 15m",
                "        maxDuration: «1h30m",
                "every request is this short: the policy's own 'maxDuration' is 1h30m."
            ),
        ];

    private static IEnumerable<PolicyMistake> Dangers() =>
        [
            Form(
                "dangerousRights: refuse",
                "dangerousRights: «allow",
                "'dangerousRights' must be refuse, or a mapping"
            ),
            Form("dangerousRights: refuse", "dangerousRights: «{}", "'dangerousRights' needs 'allow' or 'approvals'"),
            Form(
                "dangerousRights: refuse",
                "dangerousRights: «[impersonate]",
                "'dangerousRights' must be refuse, or a mapping"
            ),
            Form("dangerousRights: refuse", "dangerousRights: { allow: «[] }", "'allow' is an empty list"),
            Form(
                "dangerousRights: refuse",
                "dangerousRights: { allow: [«everything] }",
                "'allow' must be kinds of dangerous rights, not 'everything'; there are full-control, "
            ),
            Form(
                "dangerousRights: refuse",
                "dangerousRights: { allow: [«\"*\"] }",
                "'allow' must be kinds of dangerous rights"
            ),
            Form("dangerousRights: refuse", "dangerousRights: { allow: [bind, «bind] }", "'allow' has 'bind' twice."),
            Form("dangerousRights: refuse", "dangerousRights: { approvals: «[] }", "'approvals' is an empty list"),
            Form(
                "dangerousRights: refuse",
                "dangerousRights: { approvals: [{ groups: [a], count: «0 }] }",
                "'count' must be a number from 1 to 20"
            ),
            Form(
                "dangerousRights: refuse",
                "dangerousRights: { «refuse: [bind] }",
                "unknown field 'refuse' in 'dangerousRights'"
            ),
        ];

    private static IEnumerable<PolicyMistake> Longer() =>
        [
            Form(
                "extension: { maxDuration: 30m, total: 4h, review: true }",
                "extension: «{ total: 4h }",
                "'extension' needs a 'maxDuration'"
            ),
            Form(
                "extension: { maxDuration: 30m, total: 4h, review: true }",
                "extension: «{ maxDuration: 30m }",
                "'extension' needs a 'total'"
            ),
            Form(
                "extension: { maxDuration: 30m, total: 4h, review: true }",
                "extension: «true",
                "'extension' must be a mapping"
            ),
            Form("review: true", "review: «no", "'review' must be true or false"),
            Meant("total: 4h", "total: «1h", "'total' is at least the policy's 'maxDuration', 1h30m."),
            Meant("total: 4h", "total: «169h", "'total' is at most 168h."),
            Meant(
                "extension: { maxDuration: 30m, total: 4h",
                "extension: { maxDuration: «5h, total: 4h",
                "'maxDuration' of an extension is at most its 'total'."
            ),
            Meant(
                "extension: { maxDuration: 5s, total: 1m, review: false }",
                "extension: «{ maxDuration: 5s, total: 1m }",
                "nobody could review an extension"
            ),
            Meant(
                "extension: { maxDuration: 5s, total: 1m, review: false }",
                "breakGlass: «{ maxDuration: 5s, reviewWithin: 1h }",
                "'breakGlass' needs reviewers for afterwards: 'approval' must name people."
            ),
            Form(
                "breakGlass: { maxDuration: 30m, reviewWithin: 24h }",
                "breakGlass: «{ maxDuration: 30m }",
                "'breakGlass' needs 'reviewWithin'"
            ),
            Form(
                "breakGlass: { maxDuration: 30m, reviewWithin: 24h }",
                "breakGlass: «{ reviewWithin: 24h }",
                "'breakGlass' needs a 'maxDuration'."
            ),
            Meant(
                "breakGlass: { maxDuration: 30m",
                "breakGlass: { maxDuration: «2h",
                "'maxDuration' is at most 1h30m."
            ),
            Meant("reviewWithin: 24h", "reviewWithin: «169h", "'reviewWithin' is at most 168h."),
            Meant("reviewWithin: 24h", "reviewWithin: «0s", "'reviewWithin' is at least 1m."),
            Form(
                "    dangerousRights: refuse",
                "    breakGlass: «{ maxDuration: 4h, reviewWithin: 24h }\n    dangerousRights: refuse",
                "'breakGlass' is never cluster-wide"
            ),
            Meant(
                "    dangerousRights: refuse",
                "    breakGlass: { maxDuration: «241m, reviewWithin: 24h }\n    namespaces: [a]\n    "
                    + "dangerousRights: refuse",
                "'maxDuration' is at most 4h."
            ),
            Form(
                "enforcement: identity",
                "enforcement: «proxy",
                "'enforcement' must be identity or ephemeral, not 'proxy'."
            ),
            Form(
                "enforcement: identity",
                "enforcement: «[identity]",
                "'enforcement' must be identity or ephemeral, not a list."
            ),
            Form("roleGrowth: end", "roleGrowth: «ignore", "'roleGrowth' must be end or report, not 'ignore'."),
            Form("overlap: refuse", "overlap: «deny", "'overlap' must be refuse, merge or allow, not 'deny'."),
            Form("overlap: refuse", "overlap: «[merge]", "'overlap' must be refuse, merge or allow, not a list."),
            Form("roleGrowth: end", "roleGrowth: «{}", "'roleGrowth' must be end or report, not a mapping."),
        ];

    private static IEnumerable<PolicyMistake> Root() =>
        [
            Form(
                "administrators: [platform-admins]",
                "administrators: «platform-admins",
                "'administrators' must be a list."
            ),
            Form(
                "administrators: [platform-admins]",
                "administrators: [«\"system:masters\"]",
                "'administrators' must be"
            ),
            Form("administrators: [platform-admins]", "administrators: [a, «a]", "'administrators' has 'a' twice."),
            Form("auditors: [auditors]", "auditors: [«\"system:masters\"]", "'auditors' must be"),
            Form("auditors: [auditors]", "«auditor: [auditors]", "unknown field 'auditor' in the file"),
            Form("auditors: [auditors]", "«apiVersion: v1", "unknown field 'apiVersion' in the file"),
            Form("auditors: [auditors]", "«<<: { auditors: [a] }", "unknown field '<<' in the file"),
            Form("auditors: [auditors]", "? «[auditors]\n: [a]", "unknown field a list in the file"),
            Form(
                "- [alice@example.com, alice.admin@example.com]",
                "- «[alice@example.com]",
                "'people' holds lists, each with all accounts of one human: two at least."
            ),
            Form("- [alice@example.com, alice.admin@example.com]", "- «[]", "'people' holds lists"),
            Form("- [alice@example.com, alice.admin@example.com]", "- «alice@example.com", "'people' holds lists"),
            Form(
                "- [alice@example.com, alice.admin@example.com]",
                "- [alice@example.com, «alice@example.com]",
                "'alice@example.com' is at policy.yaml:4 already"
            ),
            Meant(
                "- [alice@example.com, alice.admin@example.com]",
                "- [alice@example.com, «Alice@Example.com]",
                "'Alice@Example.com' is at policy.yaml:4 already: an account belongs to one human"
            ),
            Meant("bob@partner.example]", "«ALICE@example.com]", "'ALICE@example.com' is at policy.yaml:4 already"),
            Form(
                "- [alice@example.com, alice.admin@example.com]",
                "- [alice@example.com, «\"system:admin\"]",
                "'people' must be"
            ),
            Form(
                "- [alice@example.com, alice.admin@example.com]",
                "- [alice@example.com, «\"a\\tb\"]",
                "'people' must be"
            ),
            Form("policies:", "«denials: {}\npolicies:", "not YAML"),
            Form(
                "openRequests: { perPerson: 30, total: 3000 }",
                "openRequests: «{}",
                "'openRequests' needs 'perPerson', 'total' or both."
            ),
            Form(
                "openRequests: { perPerson: 30, total: 3000 }",
                "openRequests: «30",
                "'openRequests' must be a mapping"
            ),
            Form(
                "perPerson: 30, total",
                "perPerson: «0, total",
                "'perPerson' must be a number from 1 to 20000, not '0'."
            ),
            Form("perPerson: 30, total", "perPerson: «20001, total", "'perPerson' must be a number from 1 to 20000"),
            Form("perPerson: 30, total", "perPerson: «\"30\", total", "'perPerson' must be a number"),
            Form("total: 3000 }", "total: «-1 }", "'total' must be a number from 1 to 20000"),
            Form("total: 3000 }", "«inAll: 3000 }", "unknown field 'inAll' in 'openRequests'"),
        ];

    private static IEnumerable<PolicyMistake> Denials() =>
        [
            Form("  - name: nobody-in-the-vault\n    namespaces", "  - «namespaces", "a denial needs a name."),
            Form("    because: Nobody gets into the vault.\n", "", "say to those who are refused why: 'because'."),
            Form("because: Nobody gets into the vault.", "because: «''", "'because' must be plain text"),
            Form("because: Nobody gets into the vault.", "because: «' '", "'because' must be plain text"),
            Form("because: Nobody gets into the vault.", "because: «42", "'because' must be text"),
            Form("because: Nobody gets into the vault.", "because: «\"a\\u001b[2Jb\"", "'because' must be plain text"),
            Form(
                "because: Nobody gets into the vault.",
                $"because: {new string('a', 501)}",
                "'because' must be plain text"
            ),
            Form(
                "dangerousRights: [impersonate]",
                "dangerousRights: [«impersonation]",
                "'dangerousRights' must be kinds of dangerous rights, not 'impersonation'"
            ),
            Form("dangerousRights: [impersonate]", "dangerousRights: «[]", "'dangerousRights' is an empty list"),
            Form("dangerousRights: [impersonate]", "dangerousRights: «refuse", "'dangerousRights' must be a list."),
            Form("groups: [contractors]", "groups: «[]", "'groups' is an empty list"),
            Form("groups: [contractors]", "groups: [«\"system:masters\"]", "'groups' must be"),
            Form("groups: [contractors]", "«maxDuration: 1h", "unknown field 'maxDuration' in a denial"),
            Form("roles: [ClusterRole/admin]", "roles: [«\"*\"]", "'roles' must be Role/name or ClusterRole/name"),
            Form("clusters: [\"prod-*\"]", "clusters: «[]", "'clusters' is an empty list"),
            Meant(
                "exceptUsers: [trusted@partner.example]",
                "exceptGroups: «[contractors]",
                "'contractors' is both named and excepted."
            ),
            Meant(
                "name: nobody-in-the-vault",
                "name: «contractors-stay-out",
                "'contractors-stay-out' is at policy.yaml:7 already"
            ),
        ];

    private static PolicyMistake Form(string good, string bad, string error) => new(good, bad, error, Structural: true);

    private static PolicyMistake Meant(string good, string bad, string error) =>
        new(good, bad, error, Structural: false);
}
