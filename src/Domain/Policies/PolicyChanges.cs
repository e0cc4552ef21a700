namespace JitFunctions.Domain.Policies;

/// <summary>What is different between two versions of the policy files, for people.</summary>
public static class PolicyChanges
{
    public static IReadOnlyList<string> Between(IReadOnlyList<PolicyFileText> before, IReadOnlyList<PolicyFileText> after)
    {
        List<string> changes = [];
        foreach (var name in before.Concat(after).Select(file => file.Name).Distinct().Order(StringComparer.Ordinal))
        {
            var (was, now) = (Lines(before, name), Lines(after, name));
            if (was is null)
                changes.Add($"{name}: new, {now!.Length} lines");
            else if (now is null)
                changes.Add($"{name}: removed");
            else
                changes.AddRange(Lines(name, was, now));
        }

        return changes;
    }

    private static string[]? Lines(IReadOnlyList<PolicyFileText> files, string name) =>
        files.FirstOrDefault(file => file.Name == name)?.Content.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    // What both begin and end with is left out; in between, everything old has gone and everything new has come.
    private static IEnumerable<string> Lines(string name, string[] was, string[] now)
    {
        var start = was.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        var most = Math.Min(was.Length, now.Length) - start;
        var end = was.Reverse().Zip(now.Reverse()).Take(most).TakeWhile(pair => pair.First == pair.Second).Count();
        for (var i = start; i < was.Length - end; i++)
            yield return $"{name}:{i + 1}: - {was[i]}";
        for (var i = start; i < now.Length - end; i++)
            yield return $"{name}:{i + 1}: + {now[i]}";
    }
}
