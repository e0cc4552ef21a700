using k8s;
using k8s.KubeConfigModels;

namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Reads a kubeconfig without calling the cluster, and without running a credential plugin that it may name.
/// </summary>
internal static class KubeconfigFile
{
    /// <returns>The server's address, or why the file cannot be used: one line that contains no secret.</returns>
    public static (Uri? Server, string? Error) Check(string path, string? context)
    {
        if (!File.Exists(path))
            return (null, $"there is no kubeconfig at {path}.");
        try
        {
            if (KubernetesClientConfiguration.LoadKubeConfig(path) is not { } file)
                return (null, $"the kubeconfig {path} is empty.");
            RemoveCredentialPlugins(file);
            var config = KubernetesClientConfiguration.BuildConfigFromConfigObject(file, context);
            return config.SslCaCerts is { Count: 0 }
                ? (null, $"the certificate authority in the kubeconfig {path} is not a certificate.")
                : (new Uri(config.Host), null);
        }
        catch (Exception e)
        {
            // The client library throws a dozen types of exceptions, including NullReferenceException.
            return (null, $"the kubeconfig {path} cannot be used: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    // The client library would run the credential plugin immediately.
    private static void RemoveCredentialPlugins(K8SConfiguration file)
    {
        foreach (var user in file.Users.Where(user => user.UserCredentials?.ExternalExecution is not null))
            (user.UserCredentials.ExternalExecution, user.UserCredentials.Token) = (null, "from a program");
    }
}
