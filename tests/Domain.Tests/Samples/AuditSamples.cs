using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace JitFunctions.Domain.Tests.Samples;

/// <summary>
/// Events of audit logs as API servers write them, and the envelopes in which managed clusters send them. The events
/// were recorded from an API server v1.20.2 if nothing else is said.
/// </summary>
internal static class AuditSamples
{
    public const string ReadLog =
        """{"level":"Metadata","auditID":"be44d379-6fa6-4213-b358-7e8b0676ab44","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/pods/nope/log","verb":"get","user":{"username":"alice@example.com","uid":"u-alice","groups":["system:authenticated"]},"sourceIPs":["127.0.0.1"],"userAgent":"curl/7.88.1","objectRef":{"resource":"pods","namespace":"payments","name":"nope","apiVersion":"v1","subresource":"log"},"responseStatus":{"metadata":{},"status":"Failure","reason":"NotFound","code":404},"requestReceivedTimestamp":"2026-11-26T23:12:41.329990Z","stageTimestamp":"2026-11-26T23:12:41.332978Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-aaa/payments\" of ClusterRole \"cluster-admin\" to User \"alice@example.com\""}}""";

    public const string RefusedList =
        """{"level":"Metadata","auditID":"8670a1c3-8791-4e60-9d64-cae723ef5659","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/secrets","verb":"list","user":{"username":"alice@example.com","uid":"u-alice","groups":["system:authenticated"]},"sourceIPs":["127.0.0.1"],"userAgent":"curl/7.88.1","objectRef":{"resource":"secrets","namespace":"payments","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","reason":"Forbidden","code":403},"requestReceivedTimestamp":"2026-11-26T23:09:08.087232Z","stageTimestamp":"2026-11-26T23:09:08.087585Z","annotations":{"authorization.k8s.io/decision":"forbid","authorization.k8s.io/reason":""}}""";

    /// <summary>Composed after pkg/apis/audit/v1/types.go in kubernetes/apiserver.</summary>
    public const string Exec =
        """{"level":"Metadata","auditID":"5d0c6b0e-1d5c-4a83-9f0e-6f7d2b1a9c33","stage":"ResponseStarted","requestURI":"/api/v1/namespaces/payments/pods/consumer-0/exec?command=sh&container=app&stdin=true&stdout=true&tty=true","verb":"get","user":{"username":"alice@example.com","groups":["system:authenticated"]},"sourceIPs":["10.0.3.7"],"userAgent":"kubectl/v1.34.1 (linux/amd64) kubernetes/93248f9","objectRef":{"resource":"pods","namespace":"payments","name":"consumer-0","apiVersion":"v1","subresource":"exec"},"responseStatus":{"metadata":{},"code":101},"requestReceivedTimestamp":"2026-11-23T08:55:02.100101Z","stageTimestamp":"2026-11-23T08:55:02.131877Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-k45sq3ph944m/payments\" of ClusterRole \"edit\" to User \"alice@example.com\""}}""";

    public const string Watch =
        """{"level":"Metadata","auditID":"6ef58304-13bd-44c6-a645-20b1b498da1c","stage":"ResponseStarted","requestURI":"/api/v1/namespaces/payments/pods?watch=1","verb":"watch","user":{"username":"alice@example.com","uid":"u-alice","groups":["system:authenticated"]},"sourceIPs":["127.0.0.1"],"userAgent":"curl/7.88.1","objectRef":{"resource":"pods","namespace":"payments","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Success","message":"Connection closed early","code":200},"requestReceivedTimestamp":"2026-11-26T23:12:38.407986Z","stageTimestamp":"2026-11-26T23:12:41.293538Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-aaa/payments\" of ClusterRole \"cluster-admin\" to User \"alice@example.com\""}}""";

    public const string ImpersonatedList =
        """{"level":"Metadata","auditID":"0537ebc6-dfcb-4135-acd9-1524f232ea7f","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/secrets","verb":"list","user":{"username":"alice@example.com","uid":"u-alice","groups":["system:authenticated"]},"impersonatedUser":{"username":"root","groups":["system:authenticated"]},"sourceIPs":["127.0.0.1"],"userAgent":"curl/7.88.1","objectRef":{"resource":"secrets","namespace":"payments","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","reason":"Forbidden","code":403},"requestReceivedTimestamp":"2026-11-26T23:12:45.650865Z","stageTimestamp":"2026-11-26T23:12:45.651575Z","annotations":{"authorization.k8s.io/decision":"forbid","authorization.k8s.io/reason":""}}""";

    /// <summary>Composed after pkg/apis/audit/v1/types.go in kubernetes/apiserver.</summary>
    public const string ByServiceAccount =
        """{"level":"Metadata","auditID":"c1f2f1de-2e0f-4c26-8a4e-1f6c4f5b7e21","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/configmaps/app","verb":"get","user":{"username":"system:serviceaccount:jit-access:jit-k45sq3ph944m","uid":"0e8f7a36-4a9d-4c4e-9c0e-0b8b3f6d2c11","groups":["system:serviceaccounts","system:serviceaccounts:jit-access","system:authenticated"],"extra":{"authentication.kubernetes.io/credential-id":["JTI=5a1c0e7e-6a0e-4e9c-8d0c-0d9d1f6a2b10"]}},"sourceIPs":["10.0.3.7"],"userAgent":"kubectl/v1.34.1 (linux/amd64) kubernetes/93248f9","objectRef":{"resource":"configmaps","namespace":"payments","name":"app","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-11-23T08:56:11.001200Z","stageTimestamp":"2026-11-23T08:56:11.004411Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-k45sq3ph944m/payments\" of ClusterRole \"edit\" to ServiceAccount \"jit-k45sq3ph944m/jit-access\""}}""";

    public const string WithoutCredential =
        """{"level":"Metadata","auditID":"486d1ca1-dc93-47dc-88f2-04f1c6321ccb","stage":"ResponseStarted","requestURI":"/api/v1/namespaces/payments/pods","verb":"list","user":{},"sourceIPs":["127.0.0.1"],"userAgent":"curl/7.88.1","objectRef":{"resource":"pods","namespace":"payments","apiVersion":"v1"},"responseStatus":{"metadata":{},"status":"Failure","reason":"Unauthorized","code":401},"requestReceivedTimestamp":"2026-11-26T23:09:08.318871Z","stageTimestamp":"2026-11-26T23:09:08.319168Z"}""";

    /// <summary>
    /// A Secret at level RequestResponse, after a mutating webhook. Composed: no policy of ours asks for it, EKS' and
    /// AKS' own policies may.
    /// </summary>
    public const string SecretWithBodies =
        """{"level":"RequestResponse","auditID":"2f1d6b64-9d0c-4f3c-a6fb-0d6a8c9f0b11","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/secrets","verb":"create","user":{"username":"alice@example.com","groups":["system:authenticated"]},"sourceIPs":["10.0.3.7"],"userAgent":"kubectl/v1.34.1 (linux/amd64) kubernetes/93248f9","objectRef":{"resource":"secrets","namespace":"payments","name":"ci-token","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"Secret","apiVersion":"v1","metadata":{"name":"ci-token"},"data":{"password":"Y29ycmVjdC1ob3JzZQ=="},"type":"kubernetes.io/service-account-token"},"responseObject":{"kind":"Secret","apiVersion":"v1","metadata":{"name":"ci-token"},"data":{"password":"Y29ycmVjdC1ob3JzZQ=="},"type":"kubernetes.io/service-account-token"},"requestReceivedTimestamp":"2026-11-23T08:56:11.001200Z","stageTimestamp":"2026-11-23T08:56:11.004411Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-k45sq3ph944m/payments\" of ClusterRole \"edit\" to User \"alice@example.com\"","mutation.webhook.admission.k8s.io/round_0_index_0":"{\"configuration\":\"labels\",\"webhook\":\"labels.example.com\",\"mutated\":true}","patch.webhook.admission.k8s.io/round_0_index_0":"{\"configuration\":\"labels\",\"webhook\":\"labels.example.com\",\"patch\":[{\"op\":\"add\",\"path\":\"/data/copy\",\"value\":\"Y29ycmVjdC1ob3JzZQ==\"}],\"patchType\":\"JSONPatch\"}"}}""";

    /// <summary>Composed after TokenRequest in kubernetes/api, authentication/v1.</summary>
    public const string TokenWithBodies =
        """{"level":"RequestResponse","auditID":"9a7b","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/serviceaccounts/deployer/token","verb":"create","user":{"username":"alice@example.com"},"sourceIPs":["10.0.3.7"],"objectRef":{"resource":"serviceaccounts","namespace":"payments","name":"deployer","apiVersion":"v1","subresource":"token"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","metadata":{},"spec":{"audiences":null,"expirationSeconds":3600}},"responseObject":{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","metadata":{"name":"deployer","namespace":"payments"},"spec":{"expirationSeconds":3600},"status":{"token":"eyJhbGciOiJSUzI1NiJ9.very.secret","expirationTimestamp":"2026-11-23T09:56:11Z"}},"requestReceivedTimestamp":"2026-11-23T08:56:11.001200Z","stageTimestamp":"2026-11-23T08:56:11.004411Z","annotations":{"authentication.kubernetes.io/issued-credential-id":"JTI=5a1c0e7e-6a0e-4e9c-8d0c-0d9d1f6a2b10","authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-k45sq3ph944m/payments\" of ClusterRole \"edit\" to User \"alice@example.com\""}}""";

    /// <summary>Composed after RoleBinding in kubernetes/api, rbac/v1.</summary>
    public const string BindingWithBodies =
        """{"level":"RequestResponse","auditID":"77aa","stage":"ResponseComplete","requestURI":"/apis/rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings?fieldManager=kubectl-create","verb":"create","user":{"username":"alice@example.com"},"sourceIPs":["10.0.3.7"],"objectRef":{"resource":"rolebindings","namespace":"payments","name":"backdoor","apiGroup":"rbac.authorization.k8s.io","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"RoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"backdoor","creationTimestamp":null},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"mallory@example.com"},{"kind":"ServiceAccount","name":"default","namespace":"payments"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"admin"}},"responseObject":{"kind":"RoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"backdoor","namespace":"payments","uid":"3b","resourceVersion":"812"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"mallory@example.com"},{"kind":"ServiceAccount","name":"default","namespace":"payments"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"admin"}},"requestReceivedTimestamp":"2026-11-23T08:57:11.001200Z","stageTimestamp":"2026-11-23T08:57:11.004411Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-k45sq3ph944m/payments\" of ClusterRole \"admin\" to User \"alice@example.com\""}}""";

    /// <summary>
    /// Of a read by a service account: in the shape of a sample of test-audit.log (packages/gcp) in
    /// elastic/integrations, with other names.
    /// </summary>
    public const string GkeCreate =
        """{"insertId":"87efd529-6349-45d2-b905-fc607e6c5d3b","labels":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-k45sq3ph944m/payments\" of ClusterRole \"admin\" to User \"alice@example.com\""},"logName":"projects/shop/logs/cloudaudit.googleapis.com%2Factivity","operation":{"first":true,"id":"87efd529-6349-45d2-b905-fc607e6c5d3b","last":true,"producer":"k8s.io"},"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"alice@example.com"},"authorizationInfo":[{"granted":true,"permission":"io.k8s.authorization.rbac.v1.rolebindings.create","resource":"rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings/backdoor"}],"methodName":"io.k8s.authorization.rbac.v1.rolebindings.create","request":{"@type":"rbac.authorization.k8s.io/v1.RoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"backdoor"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"admin"},"subjects":[{"kind":"User","name":"mallory@example.com"}]},"requestMetadata":{"callerIp":"10.11.12.13","callerSuppliedUserAgent":"kubectl/v1.34.1"},"resourceName":"rbac.authorization.k8s.io/v1/namespaces/payments/rolebindings/backdoor","serviceName":"k8s.io","status":{}},"receiveTimestamp":"2026-11-23T08:57:32.157698684Z","resource":{"labels":{"cluster_name":"shop-1","location":"us-central1-a","project_id":"shop"},"type":"k8s_cluster"},"timestamp":"2026-11-23T08:57:30.974750123Z"}""";

    /// <summary>As <see cref="GkeCreate"/>; the status is that of another sample there.</summary>
    public const string GkeRefused =
        """{"insertId":"b10a904a","labels":{"authorization.k8s.io/decision":"forbid","authorization.k8s.io/reason":""},"logName":"projects/shop/logs/cloudaudit.googleapis.com%2Fdata_access","protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"alice@example.com"},"authorizationInfo":[{"permission":"io.k8s.core.v1.secrets.list","resource":"core/v1/namespaces/payments/secrets"}],"methodName":"io.k8s.core.v1.secrets.list","requestMetadata":{"callerIp":"192.168.1.1","callerSuppliedUserAgent":"GoogleCloudConsole"},"resourceName":"core/v1/namespaces/payments/secrets","serviceName":"k8s.io","status":{"code":7,"message":"PERMISSION_DENIED"}},"receiveTimestamp":"2026-11-23T08:57:32.94822935Z","resource":{"labels":{"cluster_name":"shop-1","location":"us-central1-a","project_id":"shop"},"type":"k8s_cluster"},"timestamp":"2026-11-23T08:57:31.535383Z"}""";

    /// <summary>What the webhook sends. The items have neither kind nor apiVersion.</summary>
    public static byte[] EventList(params string[] items) =>
        Utf8(
            """{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":["""
                + string.Join(',', items)
                + "]}\n"
        );

    /// <summary>
    /// What a diagnostic setting of AKS sends to Event Hubs: the shape of test-platformlogs-kube.log (packages/azure)
    /// in elastic/integrations.
    /// </summary>
    public static byte[] AksEnvelope(params (string Category, string Log)[] records) =>
        Utf8(
            new JsonObject
            {
                ["records"] = new JsonArray([
                    .. records.Select(record => new JsonObject
                    {
                        ["Cloud"] = "AzureCloud",
                        ["Environment"] = "prod",
                        ["category"] = record.Category,
                        ["ccpNamespace"] = "5e4bf4baee195b00017cdbfa",
                        ["operationName"] = "Microsoft.ContainerService/managedClusters/diagnosticLogs/Read",
                        ["properties"] = new JsonObject
                        {
                            ["log"] = record.Log,
                            ["pod"] = "kube-apiserver-666bd4b459-hjgdc",
                        },
                        ["resourceId"] =
                            "/subscriptions/70bd6e77/resourceGroups/shop/providers/Microsoft.ContainerService/"
                            + "managedClusters/shop-1",
                        ["time"] = "2026-11-23T08:57:31.0000000Z",
                    }),
                ]),
            }.ToJsonString()
        );

    /// <summary>
    /// What a CloudWatch subscription delivers, as gzip: the shape of events/cloudwatch_logs.go in aws/aws-lambda-go.
    /// </summary>
    public static byte[] EksMessage(string stream, params string[] messages) =>
        Gzip(
            Utf8(
                new JsonObject
                {
                    ["messageType"] = "DATA_MESSAGE",
                    ["owner"] = "123456789012",
                    ["logGroup"] = "/aws/eks/shop-1/cluster",
                    ["logStream"] = stream,
                    ["subscriptionFilters"] = new JsonArray("audit"),
                    ["logEvents"] = new JsonArray([
                        .. messages.Select(
                            (message, i) =>
                                new JsonObject
                                {
                                    ["id"] = $"3745{i}",
                                    ["timestamp"] = 1764147431000,
                                    ["message"] = message,
                                }
                        ),
                    ]),
                }.ToJsonString()
            )
        );

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    /// <summary>Adds the members that an event has in a log file, but not in a list.</summary>
    public static string WithKind(string item) => $$"""{"kind":"Event","apiVersion":"audit.k8s.io/v1",{{item[1..]}}""";

    /// <summary>Replaces members of an event: dots separate the names of a path.</summary>
    public static string With(string item, params (string Path, JsonNode? Value)[] changes)
    {
        var json = JsonNode.Parse(item)!.AsObject();
        foreach (var (path, value) in changes)
        {
            var names = path.Split('.');
            var inside = json;
            foreach (var name in names[..^1])
                inside = inside[name]!.AsObject();
            if (value is null)
                inside.Remove(names[^1]);
            else
                inside[names[^1]] = value;
        }

        return json.ToJsonString();
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
