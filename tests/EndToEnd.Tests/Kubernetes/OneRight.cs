using System.Text.Json.Nodes;

namespace JitFunctions.EndToEnd.Tests.Kubernetes;

/// <summary>
/// A user who may use one verb on one resource, in all its versions, and what they can have the API server answer.
/// </summary>
/// <param name="Names">Of the only objects that the right is for; empty for every object.</param>
internal sealed record OneRight(
    string User,
    string Verb,
    IReadOnlyList<DiscoveredResource> Versions,
    params string[] Names
)
{
    private const string DryRun = "dryRun=All";

    private static readonly string[] Propagation = ["Background", "Foreground", "Orphan"];

    public DiscoveredResource Resource => Versions[0];

    public override string ToString() =>
        $"{Verb} {Resource.Name}{(Resource.Group.Length == 0 ? "" : $" of {Resource.Group}")}";

    /// <param name="user">Who gets it; null for the user after whom the role is called.</param>
    public async Task GiveAsync(ClusterApi api, string ns, string? user = null)
    {
        var rbac = $"/apis/rbac.authorization.k8s.io/v1{(Resource.Namespaced ? $"/namespaces/{ns}" : "")}";
        var (role, roles) = Resource.Namespaced ? ("Role", "role") : ("ClusterRole", "clusterrole");
        var rule = Resource.Rule(Verb, Names);
        await api.CreateAsync(
            $"{rbac}/{roles}s",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = User },
                ["rules"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroups"] = Texts(rule.ApiGroups),
                        ["resources"] = Texts(rule.Resources),
                        ["verbs"] = Texts(rule.Verbs),
                        ["resourceNames"] = Texts(rule.ResourceNames ?? []),
                    }
                ),
            }
        );
        await api.CreateAsync(
            $"{rbac}/{roles}bindings",
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = User },
                ["roleRef"] = new JsonObject
                {
                    ["apiGroup"] = "rbac.authorization.k8s.io",
                    ["kind"] = role,
                    ["name"] = User,
                },
                ["subjects"] = new JsonArray(
                    new JsonObject
                    {
                        ["apiGroup"] = "rbac.authorization.k8s.io",
                        ["kind"] = "User",
                        ["name"] = user ?? User,
                    }
                ),
            }
        );
    }

    /// <summary>
    /// Everything that comes back when the right is used on what is called so, in all ways that are known. Nothing is
    /// changed.
    /// </summary>
    public async Task<string> AnswersAsync(ClusterApi api, string ns, string name)
    {
        List<string> answers = [];
        foreach (var version in Versions)
        {
            var place = version.Namespaced ? $"/namespaces/{ns}" : "";
            var (all, one) = (
                $"{version.Path}{place}/{version.Parent}",
                $"{version.Path}{place}/{version.Parent}/{name}{version.Subresource}"
            );
            var only = $"fieldSelector=metadata.name%3D{name}";
            var body = Body(version, ns, name);
            (HttpMethod, string, JsonNode?, string)[] calls = Verb switch
            {
                "get" => [Call(HttpMethod.Get, one)],
                "list" => [Call(HttpMethod.Get, all), Call(HttpMethod.Get, $"{all}?{only}")],
                "watch" =>
                [
                    Call(HttpMethod.Get, $"{all}?watch=true&timeoutSeconds=1&{only}"),
                    Call(HttpMethod.Get, $"{version.Path}/watch{place}/{version.Parent}/{name}?timeoutSeconds=1"),
                ],
                // Tokens are not objects: nothing is kept of them, and a dry run would give none.
                "create" =>
                [
                    (
                        HttpMethod.Post,
                        version.Kind.Kind == "TokenRequest"
                            ? one
                            : $"{(version.Subresource.Length == 0 ? all : one)}?{DryRun}",
                        body,
                        ClusterApi.Json
                    ),
                ],
                "update" => [(HttpMethod.Put, $"{one}?{DryRun}", body, ClusterApi.Json)],
                "patch" =>
                [
                    (HttpMethod.Patch, $"{one}?{DryRun}", new JsonObject(), ClusterApi.MergePatch),
                    (HttpMethod.Patch, $"{one}?{DryRun}&fieldManager=test", body, ClusterApi.Apply),
                ],
                "delete" =>
                [
                    .. Propagation.Select(policy =>
                        Call(HttpMethod.Delete, $"{one}?{DryRun}&propagationPolicy={policy}")
                    ),
                ],
                "deletecollection" =>
                [
                    Call(HttpMethod.Delete, $"{all}?{DryRun}"),
                    Call(HttpMethod.Delete, $"{all}?{DryRun}&{only}"),
                ],
                _ => throw new InvalidOperationException(
                    $"The API server knows the verb {Verb}, and this test does not."
                ),
            };
            foreach (var (method, path, content, type) in calls)
                answers.Add(await AnswerAsync(api, method, path, content, type));
        }

        return string.Join('\n', answers);
    }

    // Kubernetes 1.20 panics where an APIService without a spec is applied, and cuts the connection: that tells nobody
    // anything.
    private async Task<string> AnswerAsync(
        ClusterApi api,
        HttpMethod method,
        string path,
        JsonNode? content,
        string type
    )
    {
        try
        {
            return (await api.SendAsync(User, method, path, content, type)).Text;
        }
        catch (HttpRequestException) when (Resource.Name == "apiservices" && type == ClusterApi.Apply)
        {
            return "";
        }
    }

    public static JsonObject Body(DiscoveredResource resource, string ns, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (resource.Namespaced)
            metadata["namespace"] = ns;
        return new()
        {
            ["apiVersion"] = resource.Kind.ApiVersion,
            ["kind"] = resource.Kind.Kind,
            ["metadata"] = metadata,
        };
    }

    private static (HttpMethod, string, JsonNode?, string) Call(HttpMethod method, string path) =>
        (method, path, null, ClusterApi.Json);

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
