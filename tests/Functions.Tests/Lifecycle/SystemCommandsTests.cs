using System.Reflection;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Projections;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static JitFunctions.Domain.Requests.AccessRequestEvent;

namespace JitFunctions.Functions.Tests.Lifecycle;

/// <summary>
/// What ends a grant does not wait for the connections of HTTP calls, also where an HTTP call has the turn.
/// </summary>
public sealed class SystemCommandsTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>
{
    private const string Id = "3f9k2m7xq0ab";
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Caller Alice = new(new("https://issuer#a1", "alice@example.com"), ["devs"]);
    private static readonly RequestTerms Terms = new(
        new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "view")),
        TimeSpan.FromMinutes(30),
        "why",
        null
    );

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_grant_expires_while_a_call_that_has_the_turn_waits_for_a_connection()
    {
        await OpenAsync();
        await using var one = new NpgsqlDataSourceBuilder(store.ConnectionString)
        {
            ConnectionStringBuilder = { MaxPoolSize = 1, Timeout = 60 },
        }.Build();
        using var starved = DocumentStore.For(options => EventStore.Configure(options, one, createSchema: false));
        await using var held = await one.OpenConnectionAsync(Cancellation);
        // The call is foreseen as accepted; then it has no connection to write with.
        var documents = FirstSessionElsewhere.Of(starved, store.Documents);
        await using var app = new ServiceCollection()
            .AddSingleton<IDocumentStore>(store.Documents)
            .AddSingleton(new ApiStore(documents, one))
            .AddSingleton<WriteTurns>()
            .AddSingleton<CallerCommands>()
            .AddSingleton<SystemCommands>()
            .BuildServiceProvider();
        var relinquish = new AccessRequestCommand.Relinquish(Alice, null, Noon.AddMinutes(1));
        var call = app.GetRequiredService<CallerCommands>()
            .HandleAsync(Id, relinquish, Alice, expected: null, Cancellation);
        await ((FirstSessionElsewhere)(object)documents).IsAtSecond.Task.WaitAsync(Cancellation);

        var ended = await app.GetRequiredService<SystemCommands>()
            .HandleAsync(
                Id,
                new AccessRequestCommand.Expire(Noon.AddMinutes(30)),
                new Provenance(Principal.System, "orchestration", null),
                Cancellation
            )
            .WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        Assert.Equal(RequestStatus.Ending, ended.Status);
        Assert.False(call.IsCompleted);
        await held.DisposeAsync();
        Assert.Empty(Assert.IsType<Decision.Accepted>((await call).Decision).Events);
    }

    private async Task OpenAsync()
    {
        var policy = new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));
        await using var session = store.Documents.LightweightSession();
        await session.Open(
            Id,
            [
                new Requested(Alice.Principal, [], Terms, policy, Noon.AddHours(4), Id, Noon),
                new Approved(true, Noon.AddHours(1), Noon),
                new ActivationStarted(Noon),
                new Activated(Noon.AddMinutes(30), [new("payments", $"jit-{Id}", "uid")], Noon),
            ],
            new Provenance(Alice.Principal, "api", null),
            Cancellation
        );
    }

    /// <summary>A store whose first session is one of another store.</summary>
    public class FirstSessionElsewhere : DispatchProxy
    {
        private IDocumentStore _first = null!;
        private IDocumentStore _then = null!;
        private int _sessions;

        public TaskCompletionSource IsAtSecond { get; } = new();

        public static IDocumentStore Of(IDocumentStore then, IDocumentStore first)
        {
            var store = Create<IDocumentStore, FirstSessionElsewhere>();
            ((FirstSessionElsewhere)(object)store)._first = first;
            ((FirstSessionElsewhere)(object)store)._then = then;
            return store;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (
                targetMethod!.Name == nameof(IDocumentStore.LightweightSession)
                && Interlocked.Increment(ref _sessions) == 1
            )
                return targetMethod.Invoke(_first, args);
            if (_sessions == 2)
                IsAtSecond.TrySetResult();
            return targetMethod.Invoke(_then, args);
        }
    }
}
