namespace JitFunctions.Domain.Policies;

/// <summary>The position of a rule in the policy files.</summary>
/// <param name="Line">The line of the rule, counted from 1.</param>
/// <param name="FieldLines">The lines of its fields, by field name.</param>
public sealed record SourcePlace(string File, long Line, IReadOnlyDictionary<string, long> FieldLines)
{
    public static readonly SourcePlace Unknown = new("policies", 0, new Dictionary<string, long>());

    public string Of(string? field) =>
        $"{File}:{(field is not null && FieldLines.TryGetValue(field, out var line) ? line : Line)}";

    public override string ToString() => Of(null);
}
