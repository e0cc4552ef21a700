namespace JitFunctions.Domain.Policies;

/// <summary>What is different between two versions of the policy files, for people.</summary>
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

    // Nothing is made alike that is not: what looks like a line break here may be none where the file is read.
    private static string[]? Lines(IReadOnlyList<PolicyFileText> files, string name) =>
        files.FirstOrDefault(file => file.Name == name)?.Content.Split('\n');

    // What both begin and end with is left out; in between, everything old has gone and everything new has come.
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

    // A terminal would write over the line.
    private static string Shown(string line) => line.Replace('\r', '\u240D');
}
