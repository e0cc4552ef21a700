using JitFunctions.Domain.Rights;

namespace JitFunctions.PolicyReading;

/// <summary>Reads the rules that must cover ad-hoc rules.</summary>
internal static class RulesReader
{
    private const int MostRules = 50;
    private const int MostWords = 50;
    private const string Any = "*";

    public static IReadOnlyList<RbacRule> Read(YamlFields policy)
    {
        var rules = policy.Mappings("rules", "a rule", ["apiGroups", "resources", "verbs", "resourceNames"]);
        if (rules.Count > MostRules)
            policy.Error("rules", $"'rules' has at most {MostRules} rules.");
        return [.. rules.Select(Rule)];
    }

    private static RbacRule Rule(YamlFields fields)
    {
        var rule = new RbacRule(
            fields.Has("apiGroups") ? Words(fields, "apiGroups", TextForm.ApiGroup) : [string.Empty],
            Words(fields, "resources", TextForm.Resource),
            Words(fields, "verbs", TextForm.Verb),
            // An empty list would mean every object. Texts rejects it.
            fields.Has("resourceNames")
                ? Words(fields, "resourceNames", TextForm.ObjectName)
                : null
        );
        fields.Check(fields.Has("resources"), "a rule needs 'resources'.");
        fields.Check(fields.Has("verbs"), "a rule needs 'verbs'.");
        // Resource names would not make it harmless, because a pattern among them can match every object.
        fields.Check(
            !new[] { rule.ApiGroups, rule.Resources, rule.Verbs }.All(words => words.Contains(Any)),
            "all verbs on all resources of all API groups is full control: name what is needed."
        );
        return rule;
    }

    private static IReadOnlyList<string> Words(YamlFields fields, string name, TextForm form)
    {
        var words = fields.Texts(name, form);
        if (words.Count > MostWords)
            fields.Error(name, $"'{name}' has at most {MostWords} entries in one rule.");
        return words;
    }
}
