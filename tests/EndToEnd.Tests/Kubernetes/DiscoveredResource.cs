using System.Text.Json.Nodes;
using JitFunctions.Domain.Rights;

namespace JitFunctions.EndToEnd.Tests.Kubernetes;

/// <summary>A line of the API server's discovery.</summary>
/// <param name="Path">Where the API group's version begins, such as <c>/apis/apps/v1</c>.</param>
/// <param name="Name">May hold a subresource: <c>pods/exec</c>.</param>
/// <param name="Kind">With its API version, of the body that a write takes.</param>
internal sealed record DiscoveredResource(
    string Group,
    string Path,
    string Name,
    bool Namespaced,
    (string ApiVersion, string Kind) Kind,
    IReadOnlyList<string> Verbs
)
{
    public string Parent => Name.Split('/')[0];

    public string Subresource => Name[Parent.Length..];

    public static async Task<IReadOnlyList<DiscoveredResource>> AllAsync(ClusterApi api)
    {
        List<(string Group, string Version, string Path)> versions = [("", "v1", "/api/v1")];
        foreach (var group in (await api.GetAsync("/apis"))["groups"]!.AsArray())
        {
            var name = (string)group!["name"]!;
            versions.AddRange(
                group["versions"]!
                    .AsArray()
                    .Select(version => (string)version!["version"]!)
                    .Select(version => (name, version, $"/apis/{name}/{version}"))
            );
        }

        List<DiscoveredResource> all = [];
        foreach (var (group, version, path) in versions)
            all.AddRange(
                (await api.GetAsync(path))["resources"]!
                    .AsArray()
                    .Select(resource => Read(group, version, path, resource!))
            );
        return all;
    }

    /// <summary>The rule that gives this one verb on this one resource and nothing else.</summary>
    public RbacRule Rule(string verb, params string[] names) =>
        new([Group], [Name], [verb], names is [] ? null : names);

    private static DiscoveredResource Read(string group, string version, string path, JsonNode resource)
    {
        var (otherGroup, otherVersion) = ((string?)resource["group"] ?? group, (string?)resource["version"] ?? version);
        return new(
            group,
            path,
            (string)resource["name"]!,
            (bool)resource["namespaced"]!,
            (otherGroup.Length == 0 ? otherVersion : $"{otherGroup}/{otherVersion}", (string)resource["kind"]!),
            [.. resource["verbs"]!.AsArray().Select(verb => (string)verb!)]
        );
    }
}
