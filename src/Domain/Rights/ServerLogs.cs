namespace JitFunctions.Domain.Rights;

/// <summary>
/// Detects access to paths of the API server that return more than its health and versions: the log files of its
/// machine, and its own profiles and log levels. Source: kubernetes/kubernetes, <c>pkg/routes/logs.go</c>;
/// k8s.io/apiserver, <c>pkg/server/routes</c>.
/// </summary>
internal static class ServerLogs
{
    private static readonly string[] Paths = ["/logs", "/debug"];

    public static IEnumerable<DangerousAccess> In(RbacRule rule) =>
        from url in rule.NonResourceUrls ?? []
        where Paths.Any(path => Meets(url, path)) && rule.Verbs.Count > 0
        select new DangerousAccess(RightsWords.Verbs(rule.Verbs), RightsWords.List([url]), ClusterOnly: true);

    private static bool Meets(string url, string path) =>
        url.EndsWith('*')
            ? IsWithin(url.TrimEnd('*'), path) || path.StartsWith(url.TrimEnd('*'), StringComparison.Ordinal)
            : IsWithin(url, path);

    private static bool IsWithin(string url, string path) =>
        url == path || url.StartsWith(path + "/", StringComparison.Ordinal);
}
