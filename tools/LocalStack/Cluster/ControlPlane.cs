namespace JitFunctions.LocalStack;

/// <summary>The command lines of the three server programs.</summary>
/// <param name="asksReviewer">
/// Whether the API server sends tokens that it does not know to the webhook in the file <see cref="TokenReviewer"/>.
/// </param>
/// <param name="sendsAudit">
/// Whether the API server sends its audit log as the file <see cref="AuditWebhook"/> says.
/// </param>
internal sealed class ControlPlane(string binaries, ScratchFolder folder, bool asksReviewer, bool sendsAudit)
{
    // Without the aggregation controller, `edit` and `admin` stay empty. The other controllers are for namespaces,
    // garbage collection and deployments.
    private const string Controllers =
        "clusterrole-aggregation,namespace,garbagecollector,serviceaccount,serviceaccount-token,"
        + "root-ca-cert-publisher,deployment,replicaset";

    private readonly int _etcdPort = FreePort.Next();
    private readonly int _etcdPeerPort = FreePort.Next();

    public int ApiPort { get; } = FreePort.Next();

    public string AuditLog => folder.Combine("audit.log");

    public string Tokens => folder.Combine("tokens.csv");

    public string TokenReviewer => folder.Combine("token-reviewer.kubeconfig");

    public string AuditWebhook => folder.Combine("audit-webhook.kubeconfig");

    private string EtcdUrl => $"http://127.0.0.1:{_etcdPort}";

    public ProcessPlan Etcd(bool durable) =>
        Plan(
            "etcd",
            [
                $"--data-dir={folder.Combine("etcd")}",
                $"--listen-client-urls={EtcdUrl}",
                $"--advertise-client-urls={EtcdUrl}",
                $"--listen-peer-urls=http://127.0.0.1:{_etcdPeerPort}",
                "--log-level=warn",
                .. durable ? Array.Empty<string>() : ["--unsafe-no-fsync"],
            ]
        );

    public ProcessPlan ApiServer() =>
        Plan(
            "kube-apiserver",
            [
                $"--etcd-servers={EtcdUrl}",
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                $"--secure-port={ApiPort}",
                // The API server would refuse to publish a loopback address as the endpoint of the service
                // `kubernetes`.
                "--endpoint-reconciler-type=none",
                $"--tls-cert-file={folder.Combine(ClusterKeys.ServingCertificate)}",
                $"--tls-private-key-file={folder.Combine(ClusterKeys.ServingKey)}",
                "--service-cluster-ip-range=10.0.0.0/24",
                "--service-account-issuer=https://kubernetes.default.svc",
                $"--service-account-key-file={folder.Combine(ClusterKeys.ServiceAccounts)}",
                $"--service-account-signing-key-file={folder.Combine(ClusterKeys.ServiceAccounts)}",
                "--authorization-mode=RBAC",
                $"--token-auth-file={Tokens}",
                $"--audit-policy-file={Repository.Combine("infra", "kubernetes", "audit-policy.yaml")}",
                $"--audit-log-path={AuditLog}",
                .. sendsAudit
                    ?
                    [
                        $"--audit-webhook-config-file={AuditWebhook}",
                        "--audit-webhook-batch-max-wait=1s",
                        "--audit-webhook-truncate-enabled=true",
                    ]
                    : Array.Empty<string>(),
                .. asksReviewer
                    ?
                    [
                        $"--authentication-token-webhook-config-file={TokenReviewer}",
                        "--authentication-token-webhook-version=v1",
                        "--authentication-token-webhook-cache-ttl=1s",
                    ]
                    : Array.Empty<string>(),
            ]
        );

    public ProcessPlan ControllerManager(string kubeconfig, bool hasInsecurePort) =>
        Plan(
            "kube-controller-manager",
            [
                $"--kubeconfig={kubeconfig}",
                "--use-service-account-credentials=true",
                $"--service-account-private-key-file={folder.Combine(ClusterKeys.ServiceAccounts)}",
                $"--root-ca-file={folder.Combine(ClusterKeys.Authority)}",
                $"--controllers={Controllers}",
                "--leader-elect=false",
                "--secure-port=0",
                .. hasInsecurePort ? ["--port=0"] : Array.Empty<string>(),
            ]
        );

    // On SIGTERM, an API server waits for its watches to end. The data is for one run only, and etcd survives SIGKILL
    // anyway.
    private ProcessPlan Plan(string program, params string[] arguments) =>
        new(Path.Combine(binaries, program), arguments, folder.Path, folder.Combine($"{program}.log"))
        {
            Farewell = "KILL",
        };
}
