namespace JitFunctions.Domain.Rights;

/// <summary>Formats rules for people.</summary>
public static class RuleText
{
    /// <summary>For example <c>get,list pods,pods/log (consumer-1)</c>.</summary>
    public static string Describe(RbacRule rule)
    {
        var groups = rule.ApiGroups.Where(group => group != string.Empty).ToList();
        var names = rule.ResourceNames is [_, ..] some ? $" ({string.Join(",", some)})" : string.Empty;
        return $"{string.Join(",", rule.Verbs)} "
            + $"{string.Join(",", [.. rule.Resources, .. rule.NonResourceUrls ?? []])}{names}"
            + (groups is [] ? string.Empty : $" of {string.Join(",", groups)}");
    }
}
