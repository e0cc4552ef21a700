using System.Security.Cryptography;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Lifecycle;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Functions.Tests.Lifecycle;

public sealed class GrantRepairTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Principal Alice = new("https://issuer#a1", "alice@example.com");
    private static readonly Provenance Reconciler = new(Principal.System, "reconciler", null);
    private readonly string _id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_restored_or_renewed_while_the_grant_ends_is_removed_again(bool restored)
    {
        var isThere = await RepairAsync(
            restored,
            whileApplied: () => AppendAsync(new EndingStarted(EndingCause.Revoked, Alice, null, Noon.AddMinutes(1)))
        );
        Assert.False(isThere);
        var drift = Assert.Single(await DriftAsync());
        Assert.Equal((DriftKind.Stray, DriftRemedy.Removed, "payments"), (drift.Kind, drift.Remedy, drift.Namespace));
        Assert.EndsWith("the grant ended meanwhile", drift.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_restored_of_an_active_grant_stays()
    {
        Assert.True(await RepairAsync(restored: true, whileApplied: () => Task.CompletedTask));
        Assert.Equal(
            (DriftKind.Edited, DriftRemedy.Restored),
            Assert.Single((await DriftAsync()).Select(drift => (drift.Kind, drift.Remedy)))
        );
    }

    /// <returns>True when the object is there afterwards.</returns>
    private async Task<bool> RepairAsync(bool restored, Func<Task> whileApplied)
    {
        var policy = new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));
        var terms = new RequestTerms(
            new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "view")),
            TimeSpan.FromMinutes(30),
            "why",
            null
        );
        await using (var session = store.Documents.LightweightSession())
        {
            await session.Open(
                _id,
                [
                    new Requested(Alice, [], terms, policy, Noon.AddHours(4), _id, Noon),
                    new Approved(true, Noon.AddHours(1), Noon),
                    new ActivationStarted(Noon),
                    new Activated(Noon.AddMinutes(30), [new("payments", $"jit-{_id}", "uid")], Noon),
                ],
                new Provenance(Alice, "api", null),
                Cancellation
            );
        }

        await using var app = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IDocumentStore>(store.Documents)
            .AddSingleton(store.Api)
            .AddSingleton(TimeProvider.System)
            .AddSingleton<WriteTurns>()
            .AddSingleton<SystemCommands>()
            .AddSingleton<GrantRepair>()
            .BuildServiceProvider();
        var (repair, isThere) = (app.GetRequiredService<GrantRepair>(), true);
        if (restored)
        {
            var edited = new Drift(
                DriftKind.Edited,
                "payments",
                $"jit-{_id}",
                "it gave ClusterRole/admin",
                DriftRemedy.Restored,
                GrantObjectKind.RoleBinding
            );
            await repair.RestoreAsync(_id, edited, ApplyAsync, RemoveAsync, Reconciler, Cancellation);
        }
        else
        {
            await repair.ReapplyAsync(
                _id,
                new(GrantObjectKind.RoleBinding, "payments", $"jit-{_id}"),
                "not renewed",
                ApplyAsync,
                RemoveAsync,
                Reconciler,
                Cancellation
            );
        }

        return isThere;

        async Task ApplyAsync()
        {
            isThere = false; // replaced by one with another role
            await whileApplied();
            isThere = true;
        }

        Task RemoveAsync()
        {
            isThere = false;
            return Task.CompletedTask;
        }
    }

    private async Task AppendAsync(AccessRequestEvent happened)
    {
        await using var session = store.Documents.LightweightSession();
        session.Events.Append(_id, happened);
        await session.SaveChangesAsync(Cancellation);
    }

    private async Task<IReadOnlyList<Drift>> DriftAsync()
    {
        await using var session = store.Documents.QuerySession();
        return
        [
            .. (await session.Events.FetchStreamAsync(_id, token: Cancellation))
                .Select(e => e.Data)
                .OfType<DriftFound>()
                .Select(e => e.Drift),
        ];
    }
}
