namespace JitFunctions.Domain.Policies;

/// <summary>Where a rule stands in the policy files.</summary>
/// <param name="Line">Of the rule itself, from 1.</param>
/// <param name="FieldLines">Of its fields, by their names.</param>
public sealed record SourcePlace(string File, long Line, IReadOnlyDictionary<string, long> FieldLines)
{
    public static readonly SourcePlace Unknown = new("policies", 0, new Dictionary<string, long>());

    public string Of(string? field) =>
        $"{File}:{(field is not null && FieldLines.TryGetValue(field, out var line) ? line : Line)}";

    public override string ToString() => Of(null);
}
