namespace JitFunctions.LocalStack;

public sealed record PlatformOptions
{
    /// <summary>How many function hosts share the database.</summary>
    public int Hosts { get; init; } = 1;

    public string Policies { get; init; } = Repository.Combine("demo", "policies.yaml");

    /// <summary>Additional or other settings of the function app; a null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
