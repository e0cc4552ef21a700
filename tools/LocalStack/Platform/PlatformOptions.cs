namespace JitFunctions.LocalStack;

public sealed record PlatformOptions
{
    /// <summary>How many function hosts share the database.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>Which host they are.</summary>
    public HostCommand Host { get; init; } = HostCommand.Embedded;

    /// <summary>Whether PostgreSQL and etcd write through to the disk: slower, and as in production.</summary>
    public bool Durable { get; init; }

    public string Policies { get; init; } = Repository.Combine("demo", "policies.yaml");

    /// <summary>Additional or other settings of the function app; a null removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
