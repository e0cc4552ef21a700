namespace JitFunctions.KubectlJit;

/// <summary>The examples that help shows for each command. A test parses all of them.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string[]> Of = new()
    {
        ["jit"] =
        [
            "kubectl jit request --cluster prod-eu -n payments --role edit --reason \"INC-4711 stuck consumer\" --wait",
            "kubectl jit list --reviewable",
            "kubectl jit approve 3f9k",
        ],
        ["jit request"] =
        [
            "kubectl jit request --cluster prod-eu -n payments --role edit --duration 30m --reason \"INC-4711 "
                + "stuck consumer\" --wait",
            "kubectl jit request --cluster prod-eu -n payments --verb get,delete --resource pods,pods/log "
                + "--resource-name consumer-1 --reason \"INC-4711\"",
            "kubectl jit request --cluster prod-eu --cluster-wide --role view --start 2026-12-01T22:00 --reason "
                + "\"planned upgrade\"",
        ],
        ["jit can"] =
        [
            "kubectl jit can",
            "kubectl jit can --cluster prod-eu -n payments --role edit --duration 2h",
            "kubectl jit can --cluster prod-eu -n payments --role edit --as bob@example.com --as-group payments-devs",
        ],
        ["jit list"] =
        [
            "kubectl jit list --mine",
            "kubectl jit list --reviewable",
            "kubectl jit list --status active --cluster prod-eu -o wide",
        ],
        ["jit show"] =
        [
            "kubectl jit show 3f9k",
            "kubectl jit show 3f9k --wait --timeout 10m",
            "kubectl jit show 3f9k --watch",
        ],
        ["jit approve"] =
        [
            "kubectl jit approve 3f9k --comment \"go ahead\"",
            "kubectl jit approve 3f9k --duration 15m -n payments",
            "kubectl jit approve 3f9k2m7xq0ab --scope sha256:9f86d081884c --yes",
        ],
        ["jit deny"] =
        [
            "kubectl jit deny 3f9k --comment \"use the runbook\"",
            "kubectl jit deny 3f9k 7q2d --comment \"the incident is over\"",
        ],
        ["jit extend"] = ["kubectl jit extend 3f9k --duration 20m --reason \"the queue is long\""],
        ["jit withdraw"] =
        [
            "kubectl jit withdraw 3f9k",
            "kubectl jit withdraw 3f9k 7q2d --comment \"no longer needed\"",
        ],
        ["jit relinquish"] = ["kubectl jit relinquish 3f9k"],
        ["jit revoke"] = ["kubectl jit revoke 3f9k --comment \"wrong cluster\""],
        ["jit kubeconfig"] = ["kubectl jit kubeconfig 3f9k > jit.yaml; kubectl --kubeconfig jit.yaml get pods"],
        ["jit credential"] = ["kubectl jit credential 3f9k2m7xq0ab"],
        ["jit events"] = ["kubectl jit events 3f9k", "kubectl jit events 3f9k -o json"],
        ["jit who-can"] =
        [
            "kubectl jit who-can get secrets --cluster prod-eu -n payments",
            "kubectl jit who-can create pods/exec --cluster prod-eu --cluster-wide",
        ],
        ["jit policies"] =
        [
            "kubectl jit policies",
            "kubectl jit policies in-force",
            "kubectl jit policies --at 2026-03-02T12:00:00Z",
        ],
        ["jit policies check"] = ["kubectl jit policies check ./policies"],
        ["jit break-glass"] = ["kubectl jit break-glass"],
        ["jit audit"] =
        [
            "kubectl jit audit --since 24h",
            "kubectl jit audit --since 2026-03-01 --until 2026-04-01 -o csv > march.csv",
            "kubectl jit audit --follow -o json",
        ],
        ["jit dossier"] = ["kubectl jit dossier 3f9k", "kubectl jit dossier 3f9k --as html -f 3f9k.html"],
        ["jit held"] =
        [
            "kubectl jit held --cluster prod-eu --at 2026-03-02T12:30:00Z",
            "kubectl jit held --person alice@example.com -o csv > alice.csv",
            "kubectl jit held --namespace payments --since 24h",
        ],
        ["jit export"] =
        [
            "kubectl jit export -f record.zip",
            "kubectl jit export 3f9k -f 3f9k.zip; kubectl jit verify 3f9k.zip --policy auditor.policy",
        ],
        ["jit evidence"] = ["kubectl jit evidence --from 2026-07-01 --to 2026-10-01 -f evidence.zip"],
        ["jit sample"] =
        [
            "kubectl jit sample --seed \"throw of the dice: 4 2 6\" --n 25 evidence.zip",
            "kubectl jit sample --seed 426 --n 5 --from 2026-09-01 --to 2026-10-01 evidence.zip -o csv",
        ],
        ["jit verify"] =
        [
            "kubectl jit verify record.zip --policy auditor.policy",
            "kubectl jit verify record.zip --policy auditor.policy --known checkpoint-of-march -o json",
        ],
        ["jit witness"] =
        [
            "kubectl jit witness --policy auditor.policy --name auditor.example.com --key witness.pem --state "
                + "/var/lib/witness --listen 127.0.0.1:8087",
        ],
        ["jit reconciler"] = ["kubectl jit reconciler"],
        ["jit whoami"] = ["kubectl jit whoami"],
        ["jit version"] = ["kubectl jit version", "kubectl jit version --client -o json"],
    };

    /// <param name="path">The names of the command and its parent commands.</param>
    public static IReadOnlyList<string> For(string path) => Of.GetValueOrDefault(path) ?? [];
}
