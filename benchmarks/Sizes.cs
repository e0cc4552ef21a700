namespace JitFunctions.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="WarmUps">How many life cycles are played, unmeasured, before anything else.</param>
/// <param name="Evaluations">How many requests are evaluated against the policies, of each kind.</param>
/// <param name="Rounds">In how many alternating rounds throughput, and the host, are measured.</param>
/// <param name="Orchestrations">How many are played in each round of the host.</param>
/// <param name="Leaves">In the export that is verified.</param>
/// <param name="Events">How many are stored, and then sequenced, in each round.</param>
/// <param name="Timers">How many are waited for in each round of the host, twice.</param>
internal sealed record Sizes(
    int WarmUps,
    int Grants,
    int Requests,
    int Clients,
    int Rounds,
    int ColdStarts,
    int Backlog,
    int Stampede,
    int Evaluations,
    int Orchestrations,
    int Timers,
    int Leaves,
    int Events
)
{
    public static readonly Sizes Full = new(
        WarmUps: 20,
        Grants: 100,
        Requests: 300,
        Clients: 16,
        Rounds: 5,
        ColdStarts: 5,
        Backlog: 1000,
        Stampede: 500,
        Evaluations: 20_000,
        Orchestrations: 500,
        Timers: 100,
        Leaves: 1_000_000,
        Events: 20_000
    );

    public static readonly Sizes Quick = new(
        WarmUps: 1,
        Grants: 5,
        Requests: 8,
        Clients: 4,
        Rounds: 2,
        ColdStarts: 1,
        Backlog: 20,
        Stampede: 10,
        Evaluations: 200,
        Orchestrations: 20,
        Timers: 5,
        Leaves: 2_000,
        Events: 500
    );

    /// <summary>The revision beside which the host and the cold start are measured.</summary>
    public string? Against { get; init; }
}
