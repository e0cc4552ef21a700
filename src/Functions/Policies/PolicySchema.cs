namespace JitFunctions.Functions.Policies;

/// <summary>The JSON Schema of a policy file, for editors: docs/policy.schema.json.</summary>
public static class PolicySchema
{
    private const string Resource = "policy.schema.json";

    public static string Text { get; } = Read();

    private static string Read()
    {
        using var reader = new StreamReader(typeof(PolicySchema).Assembly.GetManifestResourceStream(Resource)!);
        return reader.ReadToEnd();
    }
}
