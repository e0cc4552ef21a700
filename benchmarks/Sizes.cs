namespace JitFunctions.Benchmarks;

/// <summary>How much is measured.</summary>
/// <param name="WarmUps">How many life cycles are played, unmeasured, before anything else.</param>
/// <param name="Evaluations">How many requests are judged by the policies, of each kind.</param>
/// <param name="Rounds">In how many alternating rounds the throughput of product and baselines is measured.</param>
internal sealed record Sizes(int WarmUps, int Grants, int Requests, int Clients, int Rounds, int ColdStarts, int Backlog, int Stampede, int Evaluations)
{
    public static readonly Sizes Full = new(WarmUps: 20, Grants: 100, Requests: 300, Clients: 16, Rounds: 5, ColdStarts: 5, Backlog: 1000, Stampede: 500, Evaluations: 20_000);
    public static readonly Sizes Quick = new(WarmUps: 1, Grants: 5, Requests: 8, Clients: 4, Rounds: 2, ColdStarts: 1, Backlog: 20, Stampede: 10, Evaluations: 200);
}
