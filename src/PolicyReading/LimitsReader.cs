using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Scopes;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>Reads the clusters, namespaces and rights that a policy allows.</summary>
internal static class LimitsReader
{
    public static readonly string[] Fields =
    [
        "clusters",
        "namespaces",
        "namespaceLabels",
        "clusterWide",
        "roles",
        "rules",
    ];

    private const int MostLabels = 20;

    public static ScopeLimits Read(YamlFields fields)
    {
        var limits = new ScopeLimits(
            Patterns(fields, "clusters"),
            Patterns(fields, "namespaces"),
            Labels(fields),
            fields.Flag("clusterWide") == true,
            Roles(fields),
            RulesReader.Read(fields)
        );
        fields.Check(fields.Has("clusters"), "say for which 'clusters'.");
        fields.Check(
            limits.ClusterWide || fields.Has("namespaces") || fields.Has("namespaceLabels"),
            "say for which 'namespaces' or 'namespaceLabels', or 'clusterWide: true'."
        );
        fields.Check(fields.Has("roles") || fields.Has("rules"), "say for which 'roles' or 'rules'.");
        return limits;
    }

    public static IReadOnlyList<NamePattern> Patterns(YamlFields fields, string name) =>
        [.. fields.Texts(name, TextForm.NamePattern).Select(text => new NamePattern(text))];

    public static IReadOnlyList<RoleRef> Roles(YamlFields fields) =>
        [.. fields.Texts("roles", TextForm.Role).Select(Role)];

    private static RoleRef Role(string text) =>
        text.Split('/', 2) switch
        {
            ["Role", var name] => new(RoleKind.Role, name),
            [_, var name] => new(RoleKind.ClusterRole, name),
            _ => throw new ArgumentException("Not the form of a role.", nameof(text)),
        };

    private static Dictionary<string, string> Labels(YamlFields fields)
    {
        const string Name = "namespaceLabels";
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        switch (fields.Node(Name))
        {
            case null:
                break;
            case YamlMappingNode { Children: { Count: > 0 and <= MostLabels } given }:
                foreach (var (key, value) in given)
                {
                    if (
                        fields.Text(key, Name, TextForm.LabelKey) is { } name
                        && fields.Text(value, Name, TextForm.LabelValue) is { } text
                        && !labels.TryAdd(name, text)
                    )
                        fields.Error(Name, $"'{Name}' has '{name}' twice.");
                }

                break;
            default:
                fields.Error(
                    Name,
                    $"'{Name}' must be a mapping of 1 to {MostLabels} labels, each with its value: a namespace "
                        + "must have all of them."
                );
                break;
        }

        return labels;
    }
}
