using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using JitFunctions.Domain.Audit;
using JitFunctions.Domain.Audit.Reading;
using JitFunctions.Domain.Grants;
using JitFunctions.Domain.Policies;
using JitFunctions.Domain.Record;
using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.LocalStack;
using JitFunctions.TransparencyLog.Exports;
using JitFunctions.TransparencyLog.Verification;
using Marten;
using Npgsql;
using static JitFunctions.Domain.Requests.AccessRequestCommand;
using static JitFunctions.Projections.Tests.Samples;

namespace JitFunctions.Projections.Tests.Log;

/// <summary>A person is erased from a real database, and everything else stays provable.</summary>
public sealed partial class PersonErasureTests(EventStoreFixture fixture)
{
    private const string OfAlice = "3f9k2m7xq0ab";
    private const string OfBob = "k45sq3ph944m";
    private const string NamesOfAlice = "alice|issuer#a1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_name_is_left_in_a_dump_and_every_proof_holds()
    {
        await using var log = await InstallationAsync();
        await log.RunAsync();
        var (kept, before) = (await log.CheckpointAsync(), Path.GetTempFileName());
        try
        {
            await ExportAsync(log, before);
            var leaves = await LeavesAsync(log);
            Assert.NotEmpty(NamesIn(await DumpAsync(log.Store)));

            var outcome = await EraseAsync(log.Store);

            Assert.Null(outcome.Refusal);
            Assert.Empty(outcome.Left);
            Assert.Empty(NamesIn(await DumpAsync(log.Store)));
            Assert.Null((await log.CheckAsync()).Problem); // before the erasure itself is in the log
            await log.RunAsync();
            Assert.Null((await log.CheckAsync()).Problem);
            Assert.Equal(leaves, (await LeavesAsync(log))[..leaves.Length]);

            var after = await log.VerifyAsync(kept);
            Assert.Equal((true, kept.Checkpoint.Size), (after.IsValid, after.ConsistentWith));
            Assert.Equal(outcome.Fact!.Disclosures, after.Erased);
            foreach (var stream in new[] { OfAlice, OfBob })
            {
                await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
                var newest = await log.CheckpointAsync();
                var some = await log.VerifyAsync(target =>
                    Projections.Log.LogExport.ExportStreamAsync(
                        connection,
                        newest,
                        log.PolicyText,
                        stream,
                        target,
                        Cancellation
                    )
                );
                Assert.True(some is { IsValid: true, Erased: > 0, Leaves: > 0 });
            }

            using var source = ExportSource.Open(before);
            var earlier = await new ExportVerifier(log.Policy, null).VerifyAsync(source, Cancellation);
            Assert.Equal((true, 0L), (earlier.IsValid, earlier.Erased));
        }
        finally
        {
            File.Delete(before);
        }
    }

    [Fact]
    public async Task What_the_person_did_stays_and_who_erased_them_is_recorded()
    {
        await using var log = await InstallationAsync();
        await log.RunAsync();
        var before = await EventsAsync(log.Store);
        var actions = await new ActionStore(log.Store.Database).OfGrantAsync(OfAlice, null, 10, Cancellation);

        var fact = (await EraseAsync(log.Store)).Fact!;

        var after = await EventsAsync(log.Store);
        Assert.Equal(before, after[..before.Count]);
        Assert.Equal("person_erased", after[^1].Type);
        Assert.Equal((Operator, "a request of the person", true), (fact.By, fact.Reason, fact.Events > 5));
        await using var session = log.Store.Documents.QuerySession();
        foreach (var id in new[] { OfAlice, OfBob })
        {
            var live = await session.LoadAsync<RequestDetails>(id, Cancellation);
            var derived = await session.Events.AggregateStreamAsync<RequestDetails>(id, token: Cancellation);
            Assert.Equivalent(derived, live, strict: true);
        }

        var details = (await session.LoadAsync<RequestDetails>(OfAlice, Cancellation))!;
        Assert.Equal(
            (RequestStatus.Ended, fact.Placeholder, "demo", "edit", Noon.AddMinutes(4)),
            (
                details.Status,
                details.Requester.Username,
                details.Terms.Scope.Cluster,
                details.Terms.Scope.Role!.Name,
                details.ActivatedAt
            )
        );
        var review = Assert.Single(details.Reviews);
        Assert.Equal((Bob, Verdict.Approve, fact.Placeholder), (review.By, review.Verdict, review.Comment));
        Assert.Equal(
            (fact.Placeholder, Verdict.Deny),
            (await session.LoadAsync<RequestDetails>(OfBob, Cancellation))!.Reviews is [var hers]
                ? (hers.By.Username, hers.Verdict)
                : default
        );
        var trail = await session.Query<AuditEntry>().ToListAsync(Cancellation);
        Assert.Equal(after.Count, trail.Count);
        Assert.Contains(trail, entry => entry.Actor == fact.Placeholder && entry.Action is "access_requested");
        Assert.Contains(trail, entry => entry.Actor == Bob.Username && entry.Action is "request_reviewed");

        var erased = await new ActionStore(log.Store.Database).OfGrantAsync(OfAlice, null, 10, Cancellation);
        Assert.NotEmpty(erased);
        Assert.Equal(
            actions.Select(one => (one.Action.Verb, one.Action.Resource, one.Action.StageAt, one.Action.Attribution)),
            erased.Select(one => (one.Action.Verb, one.Action.Resource, one.Action.StageAt, one.Action.Attribution))
        );
        Assert.Each(
            erased,
            one =>
            {
                Assert.Equal(fact.Placeholder, one.Action.User);
                Assert.Equal(one.Action.Hash, Convert.ToHexStringLower(SHA256.HashData(one.Canonical.Span)));
            }
        );
    }

    [Fact]
    public async Task A_second_run_changes_nothing()
    {
        await using var log = await InstallationAsync();
        await log.RunAsync();
        Assert.NotNull((await EraseAsync(log.Store)).Fact);
        var events = (await EventsAsync(log.Store)).Count;

        var again = await EraseAsync(log.Store);

        Assert.Equal((null, null), (again.Refusal, again.Fact));
        Assert.Equal(events, (await EventsAsync(log.Store)).Count);
    }

    [Theory]
    [InlineData("set data = jsonb_set(data, '{terms,scope,cluster}', '\"prod\"') where type = 'access_requested'")]
    [InlineData("set data = jsonb_set(data, '{verdict}', '\"deny\"') where type = 'request_reviewed'")]
    [InlineData("set data = jsonb_set(data, '{by,username}', '\"bob@example.com\"') where type = 'request_denied'")]
    [InlineData("set data = jsonb_set(data, '{comment}', '\"fine\"') where type = 'request_reviewed'")]
    [InlineData("set data = jsonb_set(data, '{comment}', '\"erased-00000000\"') where type = 'request_reviewed'")]
    [InlineData("set data = data - 'comment' where type = 'request_reviewed'")]
    [InlineData("set user_name = 'alice@example.com' where type = 'access_requested'")]
    [InlineData("set user_name = null where type = 'access_requested'")]
    [InlineData("set data = jsonb_set(data, '{placeholder}', '\"erased-00000000\"') where type = 'person_erased'")]
    [InlineData("set data = jsonb_set(data, '{by,username}', '\"mallory\"') where type = 'person_erased'")]
    [InlineData("set type = 'record_read' where type = 'person_erased'")]
    public async Task Every_other_change_is_still_found(string change)
    {
        await using var log = await InstallationAsync();
        await log.RunAsync();
        await EraseAsync(log.Store);
        await log.RunAsync();
        Assert.Null((await log.CheckAsync()).Problem);

        await log.ExecuteAsync($"update jit.mt_events {change}");

        Assert.NotNull((await log.CheckAsync()).Problem);
    }

    [Theory]
    [InlineData("hold everything", "Everything is on legal hold")]
    [InlineData("hold person", "The person is on legal hold")]
    [InlineData("hold request", OfBob)]
    [InlineData("reason", "names the person")]
    [InlineData("short name", "too short")]
    [InlineData("open request", "not over")]
    [InlineData("policies", "Policies that are in force")]
    [InlineData("tampered", "not those of the log")]
    public async Task It_is_refused_and_nothing_changes(string why, string expected)
    {
        await using var log = await InstallationAsync();
        if (why is "open request")
            await OpenAsync(log.Store, "0123456789ab", Bob, Terms with { Reason = "Alice asked" });
        if (why is "policies")
            await PublishAsync(log.Store, "sha256:03", "users: [alice@example.com]");
        await log.RunAsync();
        if (why is "tampered")
            await log.ExecuteAsync("update jit.mt_events set user_name = 'mallory' where type = 'access_ended'");
        var before = await EventsAsync(log.Store);

        var outcome = await EraseAsync(
            log.Store,
            why switch
            {
                "hold everything" => LegalHold.None with { Everything = true },
                "hold person" => LegalHold.None with { People = ["Alice@example.com"] },
                "hold request" => LegalHold.None with { Requests = [OfBob] },
                _ => LegalHold.None,
            },
            why is "reason" ? "because of ALICE@example.com" : "a request of the person",
            why is "short name" ? "al" : "alice"
        );

        Assert.Contains(expected, outcome.Refusal, StringComparison.Ordinal);
        Assert.Equal(before, await EventsAsync(log.Store));
        Assert.NotEmpty(NamesIn(await DumpAsync(log.Store)));
    }

    /// <summary>Several people, whose requests, reviews, readings and actions name each other.</summary>
    private async Task<TestLog> InstallationAsync()
    {
        var log = await TestLog.CreateAsync(fixture);
        var store = log.Store;
        await EventStore.CreateSchemaAsync(store.Documents, role: null, Cancellation);
        await PublishAsync(store, "sha256:01", "users: [Alice@Example.com]");
        await PublishAsync(store, "sha256:02", "users: []");
        await OpenAsync(store, OfAlice, Alice, Terms);
        await HandleAsync(
            store,
            OfAlice,
            Approves(Bob, Noon.AddMinutes(1), "Alice may, says ALICE@EXAMPLE.COM"),
            ByBob
        );
        await HandleAsync(store, OfAlice, Begins(Noon.AddMinutes(2)), BySystem);
        await HandleAsync(
            store,
            OfAlice,
            new ConfirmActivation(Noon.AddMinutes(94), [Binding], Noon.AddMinutes(4)),
            BySystem
        );
        await HandleAsync(store, OfAlice, new Expire(Noon.AddMinutes(94)), BySystem);
        var proof = new DenialProof(DenialVerdict.Denied, "User \"alice@example.com\" cannot get pods");
        await HandleAsync(store, OfAlice, new ConfirmRevocation(proof, Noon.AddMinutes(95)), BySystem);

        await OpenAsync(store, OfBob, Bob, Terms with { Reason = "as alice asked" });
        var hash = ScopeHash.Of(Bob, Terms with { Reason = "as alice asked" }, Rights, Policy);
        await HandleAsync(
            store,
            OfBob,
            new Review(As(Alice, "payments-leads"), Verdict.Deny, hash, "not today", Noon.AddMinutes(1)),
            ByAlice
        );
        await store.Documents.RecordAsync(
            new RecordEvent.Read(Bob, "ListAuditTrail", Noon, Query: "actor=alice@example.com"),
            ByBob,
            Cancellation
        );
        await store.Documents.RecordAsync(
            new RecordEvent.Read(Alice, "ReplayAudit", Noon, Query: "cluster=demo", From: 3),
            ByAlice,
            Cancellation
        );
        await using (var session = store.Documents.LightweightSession())
        {
            session.Store(new TokenMembership(Alice.Subject, Alice.Username, ["payments-devs"], Noon));
            await session.SaveChangesAsync(Cancellation);
        }

        var items = new[] { Action("a", "alice@example.com"), Action("b", "bob@example.com", "rolebindings/alice") };
        await new ActionStore(store.Database).StoreAsync(
            ActionBatch.Of(
                "demo",
                [
                    .. items
                        .Append(Action("c", "alice@example.com")[..^150])
                        .Select(item => AuditEventList.ReadOne(Encoding.UTF8.GetBytes(item))),
                ],
                [Held(Alice.Username, OfAlice), Held(Bob.Username, OfBob)],
                TimeSpan.FromHours(1)
            ),
            SHA256.HashData("1"u8),
            Noon,
            Cancellation
        );
        return log;
    }

    private static Task<ErasureOutcome> EraseAsync(
        TestStore store,
        LegalHold? hold = null,
        string reason = "a request of the person",
        string alsoName = "alice"
    ) =>
        new PersonErasure(store.Documents, TimeProvider.System).EraseAsync(
            new(Alice.Subject, [alsoName], reason, Operator, hold ?? LegalHold.None),
            Cancellation
        );

    private static async Task OpenAsync(TestStore store, string id, Domain.Identity.Principal who, RequestTerms terms)
    {
        await using var session = store.Documents.LightweightSession();
        await session.Open(id, Open(As(who, "payments-devs"), terms), new(who, "api", "trace"), Cancellation);
    }

    private static async Task HandleAsync(
        TestStore store,
        string id,
        AccessRequestCommand command,
        Provenance provenance
    )
    {
        await using var session = store.Documents.LightweightSession();
        var outcome = await session.Handle(id, command, provenance, Cancellation);
        Assert.True(outcome.Decision is Decision.Accepted, outcome.Decision.ToString());
    }

    private static Task PublishAsync(TestStore store, string version, string content) =>
        store.Documents.RecordAsync(
            _ => new PolicyEvent.Published(version, [new("a.yaml", content)], "ci", "folder", [], Noon),
            Channel.Policies,
            Cancellation
        );

    private static async Task<List<(long, string Stream, long, string Type, DateTimeOffset)>> EventsAsync(
        TestStore store
    )
    {
        await using var session = store.Documents.QuerySession();
        var events = await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync(Cancellation);
        return [.. events.Select(e => (e.Sequence, e.StreamKey!, e.Version, e.EventTypeName, e.Timestamp))];
    }

    private static Task<byte[][]> LeavesAsync(TestLog log) =>
        log.ReadAsync<byte[][]>("select array_agg(leaf || data || headers order by idx) from jit.jit_log_leaf");

    private static async Task ExportAsync(TestLog log, string file)
    {
        await using var connection = await log.Store.Database.OpenConnectionAsync(Cancellation);
        await using var stream = File.Create(file);
        await using var zip = await ZipTarget.CreateAsync(stream, Cancellation);
        await Projections.Log.LogExport.ExportLogAsync(
            connection,
            await log.CheckpointAsync(),
            log.PolicyText,
            zip,
            Cancellation
        );
    }

    private static async Task<string> DumpAsync(TestStore store)
    {
        var at = new NpgsqlConnectionStringBuilder(store.Database.ConnectionString);
        using var dump = Process.Start(
            new ProcessStartInfo(
                File.Exists(Path.Combine(PostgresBinaries.Find(), "pg_dump"))
                    ? Path.Combine(PostgresBinaries.Find(), "pg_dump")
                    : "pg_dump",
                ["-h", at.Host!, "-p", $"{at.Port}", "-U", at.Username!, at.Database!]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        var text = await dump.StandardOutput.ReadToEndAsync(Cancellation);
        await dump.WaitForExitAsync(Cancellation);
        Assert.Equal(0, dump.ExitCode);
        Assert.Contains("mt_events", text, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The lines with a name, as it is, in hexadecimal, or in base64.</summary>
    private static List<string> NamesIn(string dump) =>
        [
            .. dump.Split('\n')
                .Where(line =>
                    Named().IsMatch(line)
                    || Hexadecimal().Matches(line).Any(one => IsNamed(Convert.FromHexString(one.Groups[1].Value)))
                    || Base64().Matches(line).Any(one => IsNamed(Decoded(one.Value)))
                ),
        ];

    private static bool IsNamed(byte[] bytes) => Named().IsMatch(Encoding.Latin1.GetString(bytes));

    private static byte[] Decoded(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static string Action(string auditId, string user, string what = "pods/web-1") =>
        $$$"""{"level":"Metadata","auditID":"{{{auditId}}}","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/payments/{{{what}}}","verb":"delete","user":{"username":"{{{user}}}","groups":["payments-devs"]},"sourceIPs":["10.0.3.7"],"userAgent":"kubectl of {{{user}}}","objectRef":{"resource":"{{{what.Split('/')[0]}}}","namespace":"payments","name":"{{{what.Split('/')[1]}}}"},"responseStatus":{"code":200},"requestReceivedTimestamp":"2026-03-02T12:05:00.000001Z","stageTimestamp":"2026-03-02T12:05:00.000001Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by RoleBinding \"jit-{{{(user[0] == 'a' ? OfAlice : OfBob)}}}/payments\" of ClusterRole \"edit\" to User \"{{{user}}}\""}}""";

    private static SubjectGrant Held(string user, string id) =>
        new(
            id,
            new Scope("demo", ["payments"], ClusterWide: false, new RoleRef(RoleKind.ClusterRole, "edit")),
            user,
            IsEphemeral: false,
            [new(["payments"], [new([""], ["pods"], ["delete"])])],
            Noon.AddMinutes(-5),
            Until: null
        );

    [GeneratedRegex(NamesOfAlice, RegexOptions.IgnoreCase)]
    private static partial Regex Named();

    [GeneratedRegex(@"\\x((?:[0-9a-f]{2})+)")]
    private static partial Regex Hexadecimal();

    [GeneratedRegex("[A-Za-z0-9_-]{16,}")]
    private static partial Regex Base64();
}
