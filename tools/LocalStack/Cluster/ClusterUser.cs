using System.Security.Cryptography;

namespace JitFunctions.LocalStack;

/// <summary>One line of the API server's <c>--token-auth-file</c>.</summary>
/// <param name="Name">The short name, for the kubeconfig file and for callers.</param>
internal sealed record ClusterUser(string Name, string UserName, params string[] Groups)
{
    public const string Admin = "admin";
    public const string Controller = "jit-controller";

    public string Token { get; } = RandomNumberGenerator.GetHexString(40, lowercase: true);

    public static IEnumerable<ClusterUser> All() =>
        [
            new(Admin, "admin", "system:masters"),
            new("kube-controller-manager", "system:kube-controller-manager"),
            new(Controller, Controller),
            .. Person.All.Select(person => new ClusterUser(person.Name, person.UserName)),
        ];

    public string TokenFileLine() =>
        string.Join(
            ',',
            [Token, UserName, UserName, .. Groups is [] ? Array.Empty<string>() : [$"\"{string.Join(',', Groups)}\""]]
        );
}
