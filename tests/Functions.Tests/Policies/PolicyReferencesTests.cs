using JitFunctions.Domain.Policies;
using JitFunctions.Functions.Clusters;
using JitFunctions.Functions.Platform.Directory;
using JitFunctions.Functions.Policies;
using JitFunctions.Functions.Tests.Platform.Directory;
using JitFunctions.Functions.Tests.Platform.Notifications;

namespace JitFunctions.Functions.Tests.Policies;

/// <summary>
/// Clusters and directories that are away, slow or know nothing: a version of the policies can be looked at all the
/// same.
/// </summary>
public sealed class PolicyReferencesTests : IDisposable
{
    private const string Known = "b1b1b1b1-0000-0000-0000-000000000001";
    private const string Unknown = "b1b1b1b1-0000-0000-0000-000000000002";

    private static readonly PolicySet Set = PolicySample.Parse(
        $$"""
        policies:
          - name: payments
            groups: ["{{Known}}", "{{Unknown}}", devs]
            clusters: [demo, prdo]
            namespaces: [payments]
            roles: [ClusterRole/view]
            maxDuration: 1h
            approval: { groups: ["{{Known}}"] }
        """
    );

    private readonly string _folder = Directory.CreateTempSubdirectory("jit-kubeconfig-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_told_of_in_time()
    {
        await using var silent = await Receiver.StartAsync();
        using var clusters = Clusters(silent.Address);

        var warnings = await new PolicyReferences(clusters, [], TimeProvider.System)
            .WarningsAsync(Set, Cancellation)
            .WaitAsync(TimeSpan.FromMinutes(3), Cancellation);

        Assert.Equal(2, warnings.Count);
        Assert.Contains("no cluster that is configured is called 'prdo'", warnings[0], StringComparison.Ordinal);
        Assert.Equal("Not all roles in cluster demo were checked: demo did not answer in time.", warnings[1]);
    }

    [Fact]
    public async Task A_cluster_that_refuses_is_told_of_as_it_says()
    {
        await using var forbidding = await Receiver.StartAsync();
        forbidding.Status = 403;
        using var clusters = Clusters(forbidding.Address);

        var warnings = await new PolicyReferences(clusters, [], TimeProvider.System).WarningsAsync(Set, Cancellation);

        Assert.Contains(
            "Not all roles in cluster demo were checked: demo answered 403",
            warnings[^1],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Groups_are_asked_of_the_directory_by_their_object_ids()
    {
        await using var missing = await Receiver.StartAsync();
        missing.Status = 404;
        await using var graph = await GraphSite.StartAsync();
        graph.Answers = [new(404, """{ "error": { "code": "Request_ResourceNotFound" } }""")];
        using var clusters = Clusters(missing.Address);
        using var calls = new GraphClient(
            new GraphOptions { Endpoint = graph.Address },
            new FixedCredential(),
            TimeProvider.System
        );

        var warnings = await new PolicyReferences(
            clusters,
            [new GraphGroups(calls)],
            TimeProvider.System
        ).WarningsAsync(Set, Cancellation);

        Assert.Contains("policy.yaml:3: the directory has no group '" + Unknown + "'.", warnings);
        Assert.Contains($"/v1.0/groups/{Unknown}?$select=id", graph.Calls.Select(call => call.Target));
    }

    [Theory]
    [InlineData(200, """{ "id": "x" }""", true)]
    [InlineData(404, """{ "error": { "code": "Request_ResourceNotFound" } }""", false)]
    [InlineData(
        400,
        """{ "error": { "code": "Request_BadRequest", "message": "Invalid object identifier 'devs'." } }""",
        false
    )]
    public async Task What_is_no_object_id_is_no_group(int status, string body, bool exists)
    {
        await using var graph = await GraphSite.StartAsync();
        graph.Answers = [new(status, body)];
        using var calls = new GraphClient(
            new GraphOptions { Endpoint = graph.Address },
            new FixedCredential(),
            TimeProvider.System
        );

        Assert.Equal(exists, await new GraphGroups(calls).ExistsAsync("devs", Cancellation));
    }

    [Fact]
    public async Task A_directory_that_refuses_is_told_of_and_no_group_is_called_missing()
    {
        await using var missing = await Receiver.StartAsync();
        missing.Status = 404;
        await using var graph = await GraphSite.StartAsync();
        graph.Answers = [new(403, "{}")];
        using var clusters = Clusters(missing.Address);
        using var calls = new GraphClient(
            new GraphOptions { Endpoint = graph.Address },
            new FixedCredential(),
            TimeProvider.System
        );

        var warnings = await new PolicyReferences(
            clusters,
            [new GraphGroups(calls)],
            TimeProvider.System
        ).WarningsAsync(Set, Cancellation);

        Assert.DoesNotContain(warnings, warning => warning.Contains("has no group", StringComparison.Ordinal));
        Assert.Contains(
            warnings,
            warning =>
                warning.StartsWith("Not all groups were checked: Microsoft Graph refuses", StringComparison.Ordinal)
        );
    }

    private ClusterConnections Clusters(Uri server) => TestClusters.At(server, _folder);

    private sealed class FixedCredential : Azure.Core.TokenCredential
    {
        public override Azure.Core.AccessToken GetToken(
            Azure.Core.TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => new("token", TimeProvider.System.GetUtcNow().AddHours(1));

        public override ValueTask<Azure.Core.AccessToken> GetTokenAsync(
            Azure.Core.TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => new(GetToken(requestContext, cancellationToken));
    }
}
