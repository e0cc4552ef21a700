namespace JitFunctions.LocalStack;

public sealed record PlatformOptions
{
    /// <summary>The number of function hosts that share the database.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>The command that starts the hosts.</summary>
    public HostCommand Host { get; init; } = HostCommand.Embedded;

    /// <summary>Whether PostgreSQL and etcd flush writes to the disk. This is slower, but as in production.</summary>
    public bool Durable { get; init; }

    public string Policies { get; init; } = Repository.Combine("demo", "policies.yaml");

    /// <summary>Settings of the function app to add or override. A null removes a setting.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();
}
