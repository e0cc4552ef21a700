namespace JitFunctions.Domain.Policies;

/// <summary>Describes the differences between two versions of the policy files, for people.</summary>
public static class PolicyChanges
{
    public static IReadOnlyList<string> Between(
        IReadOnlyList<PolicyFileText> before,
        IReadOnlyList<PolicyFileText> after
    )
    {
        List<string> changes = [];
        foreach (var name in before.Concat(after).Select(file => file.Name).Distinct().Order(StringComparer.Ordinal))
        {
            var (was, now) = (Lines(before, name), Lines(after, name));
            changes.AddRange(
                (was, now) switch
                {
                    (null, { } all) => [$"{name}: new, {(all is [.., ""] ? all.Length - 1 : all.Length)} lines"],
                    ({ }, { }) => Lines(name, was, now),
                    _ => [$"{name}: removed"],
                }
            );
        }

        return changes;
    }

    // Lines are split at '\n' only and not normalized: another character that looks like a line break here may not be
    // one for the reader of the file.
    private static string[]? Lines(IReadOnlyList<PolicyFileText> files, string name) =>
        files.FirstOrDefault(file => file.Name == name)?.Content.Split('\n');

    // Common lines at the beginning and at the end are left out. All lines between them are reported as removed and
    // added.
    private static IEnumerable<string> Lines(string name, string[] was, string[] now)
    {
        var start = was.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        var most = Math.Min(was.Length, now.Length) - start;
        var end = was.Reverse().Zip(now.Reverse()).Take(most).TakeWhile(pair => pair.First == pair.Second).Count();
        for (var i = start; i < was.Length - end; i++)
            yield return $"{name}:{i + 1}: - {Shown(was[i])}";
        for (var i = start; i < now.Length - end; i++)
            yield return $"{name}:{i + 1}: + {Shown(now[i])}";
    }

    // With a carriage return, a terminal would overwrite the line.
    private static string Shown(string line) => line.Replace('\r', '\u240D');
}
