using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JitFunctions.Domain.Identity;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Record;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Functions.Http;
using JitFunctions.Functions.Tests.Log;
using JitFunctions.LocalStack;
using JitFunctions.Projections;
using Marten;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace JitFunctions.Functions.Tests.Http;

/// <summary>Who reads the records of others is recorded, on the real app as a process of its own.</summary>
public sealed class ReadingTests : IAsyncLifetime
{
    private const string Policies = """
        administrators: [platform-admins]
        auditors: [auditors]
        policies:
          - name: on-call
            groups: [payments-devs]
            clusters: [demo]
            namespaces: [payments]
            roles: [ClusterRole/view]
            maxDuration: 1h
            approval: { groups: [payments-leads] }
        """;

    /// <summary>The calls that answer without records of others, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["GetCluster"] = "an address",
        ["GetLogCheckpoint"] = "a hash",
        ["GetLogTile"] = "leaves have no personal value",
        ["GetLogConsistency"] = "hashes",
        ["GetReconciler"] = "the state of the app",
        ["Health"] = "nobody's",
        ["HealthLive"] = "nobody's",
        ["HealthReady"] = "nobody's",
        ["PolicySchema"] = "public",
        ["ListPolicies"] = "the caller's own",
        ["ListPolicyVersions"] = "policies",
        ["ShowPolicyVersion"] = "policies",
        ["WhoAmI"] = "the caller's own",
        ["WrongRoute"] = "nothing",
    };

    private readonly SettingsFiles _files = new();
    private PostgresServer _server = null!;
    private NpgsqlDataSource _database = null!;
    private IDocumentStore _store = null!;
    private TokenIssuer _issuer = null!;
    private FunctionHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync(Cancellation);
        var connection = await _server.CreateDatabaseAsync(cancellation: Cancellation);
        _database = NpgsqlDataSource.Create(connection);
        _store = DocumentStore.For(options => EventStore.Configure(options, _database, createSchema: true));
        _issuer = await TokenIssuer.StartAsync(cancellation: Cancellation);
        var settings = _files.Good(
            ("ConnectionStrings:Postgres", connection),
            ("EventStore:CreateSchema", "true"),
            ("Authentication:Authority", _issuer.Authority.OriginalString),
            ("Authentication:RequireHttps", "false"),
            ("Policies:Path", _files.Write("reading.yaml", Policies)),
            ("Log:Origin", "jit.example.com/log"),
            ("Log:KeyFile", _files.Write("log.pem", LogFiles.EcdsaPem())),
            ("ReconcilerSchedule", "0 0 0 1 1 *")
        );
        _host = await FunctionHost.StartAsync(
            settings.ToDictionary(
                setting => setting.Key.Replace(":", "__", StringComparison.Ordinal),
                setting => setting.Value
            ),
            Cancellation
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
        _store.Dispose();
        await _database.DisposeAsync();
        await _server.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task Each_call_that_answers_with_records_of_others_is_recorded_first()
    {
        var id = await AskAsync();
        foreach (var (call, path) in Calls(id))
        {
            var answer = await EventuallyOkAsync(path);
            Assert.True(answer is HttpStatusCode.OK, $"{call}: {answer}");
            var reading = Assert.Single(await ReadingsAsync(), one => one.Call == call);
            Assert.Equal((Person.Dave.UserName, true), (reading.By.Username, reading.By.Subject.Contains('#')));
            Assert.Equal(path.Contains(id, StringComparison.Ordinal) ? id : null, reading.Request);
        }
    }

    [Fact]
    public async Task Pages_of_one_reading_are_recorded_once_and_an_earlier_position_again()
    {
        await AskAsync();
        foreach (var query in new[] { "after=3", "after=4&limit=1", "after=5", "after=3", "after=1" })
            Assert.Equal(HttpStatusCode.OK, await GetAsync(Person.Dave, $"audit/events?{query}"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync(Person.Dave, "audit/events?since=2026-01-01"));

        Assert.Equal(
            [(null, 3L), (null, 1L), ("since=2026-01-01", null)],
            (await ReadingsAsync()).Select(one => (one.Query, one.From))
        );
    }

    [Fact]
    public async Task A_position_beyond_all_numbers_of_canonical_json_does_not_stop_the_log()
    {
        Assert.Equal(HttpStatusCode.OK, await GetAsync(Person.Dave, $"audit/events?after={long.MaxValue}"));
        Assert.Equal((1L << 53) - 1, Assert.Single(await ReadingsAsync()).From);
    }

    [Fact]
    public async Task Reading_ones_own_and_being_refused_are_not_recorded()
    {
        var id = await AskAsync();
        foreach (var person in new[] { Person.Alice, Person.Bob })
        {
            foreach (var path in new[] { "requests", $"requests/{id}", $"requests/{id}/events" })
                Assert.Equal(HttpStatusCode.OK, await GetAsync(person, path));
        }

        foreach (var (call, path) in Calls(id))
        {
            if (call is not "ListRequests")
                Assert.NotEqual(HttpStatusCode.OK, await GetAsync(Person.Mallory, path));
        }

        Assert.Equal(HttpStatusCode.OK, await GetAsync(Person.Dave, "requests?mine=true"));
        Assert.Equal(HttpStatusCode.BadRequest, await GetAsync(Person.Dave, "audit/events?nothing=1"));
        Assert.Empty(await ReadingsAsync());
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_answered()
    {
        var id = await AskAsync();
        await ExecuteAsync(
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
            create trigger refuse before insert on jit.mt_events for each row
              when (new.type = 'record_read') execute function refuse();
            """
        );
        foreach (var (call, path) in Calls(id).Where(call => !call.Path.StartsWith("log", StringComparison.Ordinal)))
        {
            if (call is "ProveRequest" or "ListHeld" or "ExportEvidence")
                continue; // they need a checkpoint, and there is none yet
            using var answer = await SendAsync(Person.Dave, path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
            Assert.Equal("reading-not-recorded", (string?)problem["code"]);
            Assert.DoesNotContain("payments", problem.ToJsonString(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, await GetAsync(Person.Alice, $"requests/{id}")); // their own
    }

    [Fact]
    public void Each_call_that_reads_is_recorded_or_has_a_reason_not_to_be()
    {
        var reads = Functions().Where(one => one.Methods.Contains("get", StringComparer.OrdinalIgnoreCase)).ToList();
        Assert.NotEmpty(reads);
        Assert.Each(
            reads,
            one =>
                Assert.True(
                    one.IsRecorded != Exempt.ContainsKey(one.Name),
                    $"{one.Name} needs [ReadsRecord], or a reason in this test"
                )
        );
        Assert.Equal(
            reads.Where(one => one.IsRecorded).Select(one => one.Name).Order(StringComparer.Ordinal),
            Calls("x").Select(call => call.Call).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_reading_stands_for_others_for_a_limited_time()
    {
        var clock = new FakeTimeProvider();
        var recent = new RecentReadings(TimeSpan.FromMinutes(5), clock);
        var reading = new RecordEvent.Read(new("i#d", "dave"), "ReplayAudit", clock.GetUtcNow(), From: 5);

        Assert.False(recent.Cover(reading));
        recent.Note(reading);
        Assert.True(recent.Cover(reading with { From = 6 }));
        Assert.False(recent.Cover(reading with { From = 4 }));
        Assert.False(recent.Cover(reading with { By = new("i#e", "dave") }));
        Assert.False(recent.Cover(reading with { Query = "cluster=demo" }));
        Assert.False(recent.Cover(reading with { Request = "x" }));
        Assert.False(recent.Cover(reading with { Call = "ListAuditTrail" }));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(recent.Cover(reading));
    }

    private static (string Call, string Path)[] Calls(string id) =>
        [
            ("ReplayAudit", "audit/events"),
            ("ListAuditTrail", "audit/trail"),
            ("ListOwedReviews", "audit/break-glass"),
            ("ListRequests", "requests"),
            ("GetRequest", $"requests/{id}"),
            ("ReplayRequest", $"requests/{id}/events"),
            ("ProveRequest", $"requests/{id}/proof"),
            ("ExportLog", "log/export"),
            ("GetDossier", $"requests/{id}/dossier"),
            ("ListActions", $"requests/{id}/actions"),
            ("ListHeld", "audit/held?person=alice%40example.com"),
            ("ExportEvidence", "audit/evidence?from=2026-01-01&to=2026-01-02"),
        ];

    private static IEnumerable<(string Name, string[] Methods, bool IsRecorded)> Functions() =>
        typeof(ReadsRecordAttribute)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method =>
                (
                    Method: method,
                    Name: method.GetCustomAttribute<FunctionAttribute>()?.Name,
                    Http: method
                        .GetParameters()
                        .Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>())
                        .FirstOrDefault(trigger => trigger is not null)
                )
            )
            .Where(one => one is { Name: not null, Http: not null })
            .Select(one =>
                (one.Name!, one.Http!.Methods ?? ["get"], one.Method.IsDefined(typeof(ReadsRecordAttribute)))
            );

    private async Task<string> AskAsync()
    {
        var id = RequestId.FromBytes(RandomNumberGenerator.GetBytes(12));
        await using var session = _store.LightweightSession();
        var subject = $"{_issuer.Authority.OriginalString}#{Person.Alice.Subject}";
        var alice = new Caller(new(subject, Person.Alice.UserName), Person.Alice.Groups);
        var terms = new RequestTerms(
            new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "view")),
            TimeSpan.FromMinutes(30),
            "restart the stuck consumer",
            null
        );
        var policy = new PolicySnapshot("p", "sha256:00", false, ["payments-leads"], 1, TimeSpan.FromHours(4));
        var now = TimeProvider.System.GetUtcNow();
        await session.Open(
            id,
            [new AccessRequestEvent.Requested(alice.Principal, [], terms, policy, now.AddHours(4), id, now)],
            Channel.Api(alice.Principal),
            Cancellation
        );
        return id;
    }

    private async Task<HttpStatusCode> EventuallyOkAsync(string path)
    {
        for (var tries = 0; ; tries++)
        {
            // The log is signed a second after the first event.
            var status = await GetAsync(Person.Dave, path);
            if (status is not HttpStatusCode.NotFound || tries == 60)
                return status;
            await Task.Delay(500, Cancellation);
        }
    }

    private async Task<HttpStatusCode> GetAsync(Person person, string path)
    {
        try
        {
            using var answer = await SendAsync(person, path);
            return answer.StatusCode;
        }
        catch (HttpRequestException e)
        {
            throw new InvalidOperationException($"{path}: {await File.ReadAllTextAsync(_host.Log, Cancellation)}", e);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Person person, string path)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            _issuer.IssueToken(person)
        );
        return await client.GetAsync(new Uri(_host.Address, $"api/{path}"), Cancellation);
    }

    private async Task<IReadOnlyList<RecordEvent.Read>> ReadingsAsync()
    {
        await using var session = _store.QuerySession();
        return
        [
            .. (await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync(Cancellation))
                .Select(e => e.Data)
                .OfType<RecordEvent.Read>(),
        ];
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
