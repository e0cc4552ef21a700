using JitFunctions.Domain.Policies;

namespace JitFunctions.PolicyReading;

/// <summary>Reads approval requirements: a number of people from these groups.</summary>
internal static class RequirementsReader
{
    private const int MostRequirements = 10;
    private const int MostPeople = 20;

    public static IReadOnlyList<ApprovalRequirement> Read(YamlFields fields, string name)
    {
        List<ApprovalRequirement> requirements = [];
        foreach (var item in fields.Mappings(name, "a requirement", ["groups", "count"]))
        {
            item.Check(item.Has("groups"), "a requirement needs 'groups'.");
            var requirement = One(item, "count");
            item.Check(
                !requirements.Any(other => other.Groups.ToHashSet().SetEquals(requirement.Groups)),
                "another requirement has the same groups: give one of them a 'count'."
            );
            requirements.Add(requirement);
        }

        if (requirements.Count > MostRequirements)
            fields.Error(name, $"'{name}' has at most {MostRequirements} requirements.");
        return requirements;
    }

    /// <param name="count">The name of the field with the number of people.</param>
    public static ApprovalRequirement One(YamlFields fields, string count) =>
        new(fields.Texts("groups", TextForm.Who), fields.Number(count, 1, MostPeople) ?? 1);
}
