using JitFunctions.Domain.Policies;

namespace JitFunctions.PolicyReading;

internal static class SubjectsReader
{
    public static readonly string[] Fields = ["groups", "users", "exceptGroups", "exceptUsers"];

    public static Subjects Read(YamlFields fields)
    {
        var subjects = new Subjects(
            fields.Texts("groups", TextForm.Who),
            fields.Texts("users", TextForm.Who),
            fields.Texts("exceptGroups", TextForm.Who),
            fields.Texts("exceptUsers", TextForm.Who)
        );
        CheckApart(fields, "exceptGroups", subjects.Groups, subjects.ExceptGroups, StringComparer.Ordinal);
        CheckApart(fields, "exceptUsers", subjects.Users, subjects.ExceptUsers, StringComparer.OrdinalIgnoreCase);
        return subjects;
    }

    // The exception wins, so the other entry would be misleading.
    private static void CheckApart(
        YamlFields fields,
        string name,
        IReadOnlyList<string> named,
        IReadOnlyList<string> excepted,
        StringComparer comparer
    )
    {
        if (excepted.Intersect(named, comparer).FirstOrDefault() is { } both)
            fields.Error(name, $"'{both}' is both named and excepted.");
    }
}
