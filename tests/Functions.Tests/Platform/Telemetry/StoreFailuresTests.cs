using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Platform.AppIdentity;
using JitFunctions.Projections;
using Marten;
using Marten.Exceptions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Tests.Platform.Telemetry;

/// <summary>What the app's own event store logs of a command that PostgreSQL refuses.</summary>
public sealed class StoreFailuresTests(EventStoreFixture store) : IClassFixture<EventStoreFixture>
{
    private const string Secret = "the reason that is nobody's business";
    private const int LongestLine = 300;

    [Fact]
    public async Task A_refused_command_is_a_short_line_or_two_without_its_parameters()
    {
        var log = new AllLines();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(log));
        services.AddEventStore(
            store.ConnectionString,
            new PostgresOptions(),
            new AppCredentials(new IdentityOptions(), TimeProvider.System),
            createSchema: true
        );
        await using var provider = services.BuildServiceProvider();
        var documents = provider.GetRequiredService<IDocumentStore>();

        await OpenAsync(documents);
        log.Clear();
        await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => OpenAsync(documents));

        // Marten reports it for the batch and for the session.
        Assert.InRange(log.Lines.Count, 1, 2);
        Assert.Each(
            log.Lines,
            line =>
            {
                Assert.Contains("MT003", line, StringComparison.Ordinal); // Marten's own code: there is such a stream
                Assert.DoesNotContain(Secret, line, StringComparison.Ordinal);
                Assert.DoesNotContain(Environment.NewLine, line, StringComparison.Ordinal);
                Assert.InRange(line.Length, 1, LongestLine);
            }
        );
    }

    private static async Task OpenAsync(IDocumentStore documents)
    {
        var alice = new Principal("https://issuer#a1", "alice@example.com");
        var terms = new RequestTerms(
            new Scope("demo", ["payments"], false, new RoleRef(RoleKind.ClusterRole, "edit")),
            TimeSpan.FromMinutes(30),
            Secret,
            null
        );
        var policy = new PolicySnapshot("p", "sha256:00", false, ["leads"], 1, TimeSpan.FromHours(4));
        var now = new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
        await using var session = documents.LightweightSession();
        await session.Open(
            "3f9k2m7xq0ab",
            [new AccessRequestEvent.Requested(alice, [], terms, policy, now.AddHours(4), "f", now)],
            new Provenance(alice, "api", null),
            TestContext.Current.CancellationToken
        );
    }

    private sealed class AllLines : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public void Clear() => _lines.Clear();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                _lines.Add($"{formatter(state, exception)} {exception}");
        }

        public void Dispose() { }
    }
}
