using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using JitFunctions.LocalStack;

namespace JitFunctions.EndToEnd.Tests;

/// <summary>
/// What one test has for itself: a namespace, and people with names of their own in the groups that the policies know.
/// </summary>
public sealed class Team
{
    private readonly string _suffix = RandomNumberGenerator.GetHexString(8, lowercase: true);

    private readonly bool _shares;

    private Team(LocalPlatform platform, bool shares) => (Platform, _shares) = (platform, shares);

    /// <summary>Where all ask who need no namespace of their own, since nothing is ever granted there.</summary>
    internal const string SharedNamespace = "team-shared";

    public LocalPlatform Platform { get; }

    public TestCluster Cluster => new(Platform.Cluster);

    public string Namespace => _shares ? SharedNamespace : NamespaceOf("team");

    /// <summary>A developer, who asks.</summary>
    public Person Alice => New("alice", "payments-devs");

    /// <summary>A lead, who decides.</summary>
    public Person Bob => New("bob", "payments-leads");

    /// <summary>Decides where the policy wants security as well.</summary>
    public Person Simon => New("simon", "security");

    /// <summary>A developer and a lead.</summary>
    public Person Erin => New("erin", "payments-devs", "payments-leads");

    public Person Administrator => New("carol", "platform-admins");

    public Person Auditor => New("dave", "auditors");

    /// <summary>Signed in, and in no group.</summary>
    public Person Stranger => New("mallory");

    /// <summary>A team for what never gets as far as the cluster.</summary>
    public static Team WithoutNamespace(LocalPlatform platform) => new(platform, shares: true);

    public static async Task<Team> SetAsync(LocalPlatform platform, string prefix = "team")
    {
        var team = new Team(platform, shares: false);
        await team.Cluster.CreateNamespaceAsync(team.NamespaceOf(prefix));
        return team;
    }

    /// <summary>The prefix picks the policy.</summary>
    public string NamespaceOf(string prefix) => $"{prefix}-{_suffix}";

    public Person New(string name, params string[] groups) =>
        new($"{name}-{_suffix}", $"{name}-{_suffix}@example.com", groups);

    internal Api As(Person person, FunctionHost? host = null) =>
        new((host ?? Platform.Host).Address, Platform.Issuer.IssueToken(person));

    internal Api WithToken(string? token) => new(Platform.Host.Address, token);

    /// <summary>The body of a request that the policy covers, to be varied.</summary>
    internal JsonObject Terms(string duration = "10m", string role = "ClusterRole/edit", params string[] namespaces) =>
        new()
        {
            ["cluster"] = "demo",
            ["namespaces"] = new JsonArray([
                .. (namespaces is [] ? [Namespace] : namespaces).Select(name => (JsonNode)name),
            ]),
            ["role"] = new JsonObject { ["kind"] = role.Split('/')[0], ["name"] = role.Split('/')[1] },
            ["duration"] = duration,
            ["reason"] = "restart the stuck consumer",
        };

    /// <summary>A request by Alice, pending.</summary>
    internal async Task<string> AskAsync(JsonObject? terms = null) =>
        (string)(await As(Alice).AskAsync(terms ?? Terms()))["id"]!;

    /// <summary>A request by Alice that Bob has approved and that is active.</summary>
    internal async Task<JsonObject> GrantAsync(JsonObject? terms = null)
    {
        var id = await AskAsync(terms);
        await As(Bob).ApproveAsync(id);
        return await As(Alice).WaitForAsync(id, "active");
    }

    /// <summary>The body of a request that is to begin so much later.</summary>
    internal JsonObject Planned(string ns, TimeSpan ahead, string duration = "10m") =>
        Terms(duration, "ClusterRole/view", ns)
            .With(
                "start",
                (TimeProvider.System.GetUtcNow() + ahead).ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'",
                    System.Globalization.CultureInfo.InvariantCulture
                )
            );

    /// <summary>
    /// No event of any stream is about this team: neither its people nor its namespaces occur in the log.
    /// </summary>
    public async Task NothingIsWrittenAsync() =>
        Assert.DoesNotContain(
            (await As(Auditor).GetAsync("/api/audit/events?limit=10000")).Expect(HttpStatusCode.OK).Text.Split('\n'),
            line =>
                line.Contains(_suffix, StringComparison.Ordinal)
                // This call is recorded itself.
                && !line.Contains("\"record_read\"", StringComparison.Ordinal)
        );

    /// <summary>
    /// Waits until a run of the reconciler that begins after this call has compared the clusters with the event store.
    /// </summary>
    public Task ReconcilerRunsAsync() => ReportAsync(TimeProvider.System.GetUtcNow(), "ReconcileClusters");

    /// <summary>What the first run of a schedule found that begins after this time.</summary>
    internal async Task<JsonObject> ReportAsync(DateTimeOffset after, string schedule, FunctionHost? host = null) =>
        (
            await Eventually.Async(
                async () =>
                    (await As(Auditor, host).GetAsync("/api/reconciler"))
                        .Expect(HttpStatusCode.OK)
                        .Items.SingleOrDefault(report => report.Id() == schedule),
                report => report is not null && report.TimeAt("startedAt") > after,
                $"{schedule} has run"
            )
        )!;

    /// <summary>The label of the installation's own objects, to be put on others.</summary>
    internal async Task<IReadOnlyList<string>> OwnLabelsAsync(FunctionHost? host = null)
    {
        var installation = (await As(Auditor, host).GetAsync("/api/reconciler"))
            .Expect(HttpStatusCode.OK)
            .Json.At("installation");
        return ["app.kubernetes.io/managed-by=jit-access", $"jit-access/installation={installation}"];
    }

    /// <summary>
    /// What the cluster's stream says of the removal of an object that belongs to no request: the event, and what it
    /// says of the object.
    /// </summary>
    internal async Task<IReadOnlyList<(JsonObject Event, JsonNode Removed)>> RemovalsOfAsync(string name) =>
        [
            .. from e in await As(Auditor).AuditAsync()
            where e.At("type") == "stray_binding_removed"
            from removed in (e["data"]!["others"]?.AsArray() ?? []).Select(other => other!).Prepend(e["data"]!)
            where removed.At("name") == name
            select (e, removed),
        ];

    /// <summary>What the request's stream says about drift.</summary>
    internal async Task<IReadOnlyList<JsonNode>> DriftAsync(string id) =>
        [
            .. (await As(Auditor).EventsAsync(id))
                .Where(e => (string?)e["type"] == "drift_found")
                .Select(e => e["data"]!["drift"]!),
        ];
}
