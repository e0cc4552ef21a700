using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Rights;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Functions.Tests.Platform.Notifications;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.Functions.Tests.Lifecycle;

/// <summary>What somebody has already is never a reason to wait for long, or to fail.</summary>
public sealed class HeldRightsTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>, IDisposable
{
    private static readonly Caller Alice = new(new Principal("https://issuer#a1", "alice@example.com"), ["devs"]);
    private static readonly RequestTerms Terms = new(
        new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit")),
        TimeSpan.FromMinutes(30),
        "why",
        null
    );

    private static readonly IReadOnlyList<NamespacedRules> Rights =
    [
        new(["payments"], [new([""], ["pods"], ["get", "list"])]),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("jit-kubeconfig-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null)] // it does not answer
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_cluster_that_does_not_say_leaves_it_unsaid(int? status)
    {
        await using var server = await Receiver.StartAsync();
        server.Status = status;
        using var clusters = TestClusters.At(server.Address, _folder);
        var held = new HeldRights(clusters, store.Api, TimeProvider.System, NullLogger<HeldRights>.Instance);

        // On a busy machine, the time limit can end a check before it asks the cluster.
        for (var tries = 0; tries < 20 && server.Calls == 0; tries++)
            Assert.Null(
                await held.FindAsync(Alice, Terms, Rights, TestContext.Current.CancellationToken)
                    .WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken)
            );
        Assert.True(server.Calls > 0);
    }
}
