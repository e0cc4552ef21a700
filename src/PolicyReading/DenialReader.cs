using JitFunctions.Domain.Policies;
using YamlDotNet.RepresentationModel;

namespace JitFunctions.PolicyReading;

/// <summary>
/// Reads one denial. A missing field matches everything. An empty list is an error, because it could mean everything or
/// nothing.
/// </summary>
internal static class DenialReader
{
    private static readonly string[] Known =
    [
        "name",
        .. SubjectsReader.Fields,
        "clusters",
        "namespaces",
        "roles",
        "dangerousRights",
        "because",
    ];

    public static Denial Read(YamlNode node, UniqueNames names, PolicyErrors errors)
    {
        var fields = new YamlFields(node, "a denial", Known, errors);
        fields.Check(fields.Has("because"), "say to those who are refused why: 'because'.");
        return new(
            NameReader.Read(fields, "a denial", names, errors),
            SubjectsReader.Read(fields) with
            {
                All = !fields.Has("groups") && !fields.Has("users"),
            },
            LimitsReader.Patterns(fields, "clusters"),
            LimitsReader.Patterns(fields, "namespaces"),
            LimitsReader.Roles(fields),
            DangerReader.Kinds(fields, "dangerousRights"),
            fields.Text("because", TextForm.Sentence) ?? string.Empty
        )
        {
            Source = fields.Place(errors.File),
        };
    }
}
