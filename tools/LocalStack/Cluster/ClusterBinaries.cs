namespace JitFunctions.LocalStack;

/// <summary>The folder that holds etcd, kube-apiserver and kube-controller-manager.</summary>
internal static class ClusterBinaries
{
    private static readonly string[] Needed = ["etcd", "kube-apiserver", "kube-controller-manager"];

    public static string Find()
    {
        var assets = Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS");
        return new[] { assets, Cache }.FirstOrDefault(IsComplete)
            ?? throw new InvalidOperationException(
                $"No kube-apiserver found in KUBEBUILDER_ASSETS ({assets ?? "not set"}) or {Cache}: run "
                    + "tools/kube-apiserver/prepare once."
            );
    }

    /// <summary>Where tools/kube-apiserver/prepare puts what it downloads or builds.</summary>
    private static string Cache
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(home))
                home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(home, "jit-functions", "kube-apiserver");
        }
    }

    private static bool IsComplete(string? folder) =>
        !string.IsNullOrEmpty(folder) && Needed.All(name => File.Exists(Path.Combine(folder, name)));
}
