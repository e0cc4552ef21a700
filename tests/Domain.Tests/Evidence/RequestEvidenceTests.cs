using System.Text.Json;
using JitFunctions.Domain.Evidence;
using JitFunctions.Domain.Text;

namespace JitFunctions.Domain.Tests.Evidence;

/// <summary>What the evidence of a period says of a request, from the events that the log has.</summary>
public sealed class RequestEvidenceTests
{
    private const string Scope = """
        "scope":{"cluster":"demo","namespaces":["payments","billing"],"clusterWide":false,
        "role":{"kind":"ClusterRole","name":"edit"}}
        """;

    private const string Policy = """
        {"name":"on-call","version":"sha256:00","requiredApprovals":1,"requirements":[{"groups":["leads"],"count":1}],
        "extension":{"maxDuration":"00:30:00","total":"02:00:00","reviewed":true}}
        """;

    private const string Requested = $$$"""
        access_requested {"requester":{"subject":"i#a","username":"alice"},"otherAccounts":["alice.admin"],
        "terms":{{{{Scope}}},"duration":"01:00:00","reason":"=1+1","ticket":"INC-1"},"policy":{{{Policy}}},
        "scopeHash":"h1"}
        """;

    private const string ByBob = """
        request_reviewed {"by":{"subject":"i#b","username":"bob"},"verdict":"approve","scopeHash":"h1"}
        """;

    private const string Approved = "request_approved {\"automatic\":false}";

    // At 08:02, two hours after the first event or so.
    private const string Activated = "access_activated {\"expiresAt\":\"2026-03-02T10:00:00+00:00\"}";

    private const string Ending =
        "ending_started {\"cause\":\"expired\",\"by\":{\"subject\":\"s\",\"username\":\"system\"}}";

    private const string Ended =
        "access_ended {\"cause\":\"expired\",\"proof\":{\"verdict\":\"denied\",\"detail\":\"\"}}";

    private static readonly DateTimeOffset Eight = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static readonly EvidencePeriod March = new(
        new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero),
        new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero)
    );

    private static readonly string[] Usual =
    [
        Requested,
        ByBob,
        Approved,
        "activation_started {}",
        Activated,
        $"+120 {Ending}",
        $"+120 {Ended}",
    ];

    /// <summary>The events, how many minutes before the end of the log the last one is, and what they show.</summary>
    public static TheoryData<string, string[], int, string[]> Shown =>
        new()
        {
            { "a usual grant", Usual, 0, [] },
            { "nothing but the request", [Requested], 0, [] },
            {
                "approved with another account of the requester",
                [Requested, ByBob.Replace("\"bob\"", "\"alice.admin\"", StringComparison.Ordinal), Approved],
                0,
                [ExceptionCodes.SelfApproval]
            },
            {
                "approved by the requester",
                [Requested, ByBob.Replace("i#b", "i#a", StringComparison.Ordinal), Approved],
                0,
                [ExceptionCodes.SelfApproval]
            },
            {
                "an extension approved by the requester",
                [
                    .. Usual[..5],
                    ByBob
                        .Replace("i#b", "i#a", StringComparison.Ordinal)
                        .Replace("request_reviewed", "extension_reviewed", StringComparison.Ordinal),
                    .. Usual[5..],
                ],
                0,
                [ExceptionCodes.SelfApproval]
            },
            { "approved by nobody", [Requested, Approved], 0, [ExceptionCodes.TooFewApprovals] },
            {
                "approved by one twice where two are required",
                [Requested.Replace("\"count\":1", "\"count\":2", StringComparison.Ordinal), ByBob, ByBob, Approved],
                0,
                [ExceptionCodes.TooFewApprovals]
            },
            {
                "approved for another scope",
                [Requested, ByBob.Replace("h1", "h2", StringComparison.Ordinal), Approved],
                0,
                [ExceptionCodes.TooFewApprovals]
            },
            { "approved automatically", [Requested, "request_approved {\"automatic\":true}"], 0, [] },
            { "never approved", [Requested, ByBob, "activation_started {}"], 0, [ExceptionCodes.NotApproved] },
            {
                "approved, and then not any more",
                [Requested, ByBob, Approved, "approval_voided {\"reviewers\":[\"i#b\"]}", "activation_started {}"],
                0,
                [ExceptionCodes.NotApproved]
            },
            {
                "who approved was erased",
                [Requested, "request_reviewed {\"by\":{\"_sd\":[\"x\"]},\"verdict\":\"approve\",\"scopeHash\":\"h1\"}"],
                0,
                [ExceptionCodes.NotDetermined]
            },
            {
                "who asked was erased",
                [
                    Requested.Replace(
                        "{\"subject\":\"i#a\",\"username\":\"alice\"}",
                        "{\"_sd\":[\"x\"]}",
                        StringComparison.Ordinal
                    ),
                    ByBob,
                    Approved,
                ],
                0,
                [ExceptionCodes.NotDetermined]
            },
            { "a minute late", [.. Usual[..5], $"+121 {Ending}", Ended], 0, [] },
            { "more than a minute late", [.. Usual[..5], $"+122 {Ending}", Ended], 0, [ExceptionCodes.LateEnd] },
            {
                "removed late after it was revoked",
                [.. Usual[..5], $"+20 {Ending}", $"+22 {Ended}"],
                0,
                [ExceptionCodes.LateEnd]
            },
            { "still active", Usual[..5], 100, [] },
            { "still active after its end", Usual[..5], 200, [ExceptionCodes.NotEnded] },
            {
                "still allowed after the end",
                [.. Usual[..6], $"+120 {Ended.Replace("denied", "stillAllowed", StringComparison.Ordinal)}"],
                0,
                [ExceptionCodes.DenialNotProven]
            },
            {
                "without a proof of denial",
                [.. Usual[..6], "+120 access_ended {\"cause\":\"expired\"}"],
                0,
                [ExceptionCodes.DenialNotProven]
            },
            {
                "ended by the reconciler",
                [.. Usual[..5], $"+120 reconciler:{Ending}", $"+120 {Ended}"],
                0,
                [ExceptionCodes.EndedByReconciler]
            },
            {
                "extended within the policy",
                [.. Usual[..5], "access_extended {\"expiresAt\":\"2026-03-02T10:00:30+00:00\"}"],
                0,
                []
            },
            {
                "extended beyond the policy",
                [.. Usual[..5], "access_extended {\"expiresAt\":\"2026-03-02T11:00:00+00:00\"}"],
                0,
                [ExceptionCodes.ExtensionBeyondPolicy]
            },
            {
                "extended without a rule",
                [
                    Requested.Replace("\"extension\"", "\"other\"", StringComparison.Ordinal),
                    .. Usual[1..5],
                    "access_extended {\"expiresAt\":\"2026-03-02T10:00:00+00:00\"}",
                ],
                0,
                [ExceptionCodes.ExtensionBeyondPolicy]
            },
            {
                "break-glass that was reviewed",
                [BreakGlass, "request_approved {\"breakGlass\":true}", "break_glass_settled {\"justified\":true}"],
                5000,
                [ExceptionCodes.BreakGlass]
            },
            {
                "break-glass that nobody reviewed",
                [BreakGlass, "request_approved {\"breakGlass\":true}"],
                5000,
                [ExceptionCodes.BreakGlass, ExceptionCodes.BreakGlassUnreviewed]
            },
            {
                "break-glass that may still be reviewed",
                [BreakGlass, "request_approved {\"breakGlass\":true}"],
                0,
                [ExceptionCodes.BreakGlass]
            },
            {
                "break-glass that was reviewed late, and refused",
                [
                    BreakGlass,
                    "request_approved {\"breakGlass\":true}",
                    "break_glass_review_overdue {}",
                    "break_glass_settled {\"justified\":false}",
                ],
                5000,
                [ExceptionCodes.BreakGlass, ExceptionCodes.BreakGlassReviewLate, ExceptionCodes.BreakGlassUnjustified]
            },
            {
                "what was found in the cluster",
                [
                    Requested,
                    "drift_found {\"drift\":{\"kind\":\"edited\",\"name\":\"jit-1\",\"remedy\":\"restored\"}}",
                    "role_grown {}",
                    "revocation_delayed {\"alarm\":\"warning\",\"attempt\":1}",
                    "revocation_delayed {\"alarm\":\"error\",\"attempt\":3}",
                ],
                0,
                [ExceptionCodes.Drift, ExceptionCodes.RoleGrown, ExceptionCodes.RemovalDelayed]
            },
            {
                "what the seal of its dossier says",
                [
                    .. Usual,
                    """
                        dossier_sealed {"seal":{"gaps":[{"kind":"feedStopped","detail":"x"},
                        {"kind":"reusedAuditIds","detail":"y"}]}}
                        """,
                ],
                0,
                [ExceptionCodes.ActionFeedGap, ExceptionCodes.AuditIdReused]
            },
        };

    /// <summary>When the request was made and when it was denied, in days of March, and whether March has it.</summary>
    public static TheoryData<int, int?, bool> InMarch =>
        new()
        {
            { 2, 3, true },
            { 1, 1, true }, // the first instant belongs to it
            { -5, 2, true },
            { -5, 40, true }, // open all the time, and nothing recorded in it
            { -5, null, true },
            { -5, -4, false },
            { 32, 33, false }, // the first instant of April is not in March
            { 31, 40, true },
        };

    private static string BreakGlass =>
        Requested
            .Replace("\"ticket\"", "\"breakGlass\":true,\"ticket\"", StringComparison.Ordinal)
            .Replace("\"scopeHash\"", "\"reviewBy\":\"2026-03-03T08:00:00Z\",\"scopeHash\"", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Shown))]
    public void Each_exception_is_found_and_no_other(string what, string[] events, int minutes, string[] expected)
    {
        Assert.NotEmpty(what);
        var (request, last) = Play(events);

        Assert.Equal(expected, request.Exceptions(last.AddMinutes(minutes)).Select(one => one.Code).Distinct());
    }

    [Fact]
    public void Every_code_of_a_request_has_a_case_above()
    {
        string[] ofClusters = [ExceptionCodes.StrayRemoved];
        Assert.Equal(
            ExceptionCodes.All.Select(one => one.Code).Order(),
            Shown.SelectMany(row => row.Data.Item4).Concat(ofClusters).Distinct().Order()
        );
    }

    [Theory]
    [MemberData(nameof(InMarch))]
    public void A_request_belongs_to_each_period_in_which_it_was_open_or_touched(int asked, int? over, bool isIn)
    {
        var request = new RequestEvidence("r1", March);

        request.Take(Fact(0, "access_requested", Day(asked), "{}"));
        if (over is { } end)
            request.Take(Fact(1, "request_denied", Day(end), "{}"));

        Assert.Equal(isIn, request.IsInPopulation);
    }

    [Fact]
    public void A_request_that_was_over_is_in_the_period_in_which_its_break_glass_was_reviewed()
    {
        var request = new RequestEvidence("r1", March);

        request.Take(Fact(0, "access_requested", Day(-5), "{}"));
        request.Take(Fact(1, "access_ended", Day(-4), "{}"));
        request.Take(Fact(2, "break_glass_settled", Day(10), "{}"));

        Assert.True(request.IsInPopulation);
    }

    [Fact]
    public void A_row_has_what_was_asked_who_approved_and_how_it_ended()
    {
        var (request, last) = Play(Usual);

        var cells = Csv.Read(new StringReader(Population.Line(request, request.Exceptions(last)))).Single();
        var row = Population.Columns.Zip(cells).ToDictionary(one => one.First, one => one.Second);

        Assert.Equal(
            ("r1", "alice", "demo", "payments billing", "ClusterRole/edit", "01:00:00", "INC-1", "on-call", "reviewed"),
            (
                row["request"],
                row["requester"],
                row["cluster"],
                row["namespaces"],
                row["role"],
                row["duration"],
                row["ticket"],
                row["policy"],
                row["approval"]
            )
        );
        Assert.Equal(
            (
                "bob",
                "2026-03-02T08:00:00Z",
                "2026-03-02T10:00:00Z",
                "2026-03-02T10:00:00Z",
                "expired",
                "denied",
                "ended"
            ),
            (
                row["approvers"],
                row["activated_at"],
                row["expires_at"],
                row["ended_at"],
                row["end_cause"],
                row["denial"],
                row["status"]
            )
        );
        Assert.Equal(("7", "10", "16", ""), (row["events"], row["first_index"], row["last_index"], row["exceptions"]));
        Assert.Equal("'=1+1", row["reason"]);
    }

    [Fact]
    public void What_was_erased_is_called_so()
    {
        var (request, last) = Play([
            $"access_requested {{\"requester\":{{\"_sd\":[\"x\"]}},\"terms\":{{\"_sd\":[\"y\"]}},\"policy\":{Policy}}}",
        ]);

        var line = Population.Line(request, request.Exceptions(last));

        Assert.Contains(",(erased),", line, StringComparison.Ordinal);
    }

    private static (RequestEvidence Request, DateTimeOffset Last) Play(string[] events)
    {
        var (request, at) = (new RequestEvidence("r1", March), Eight);
        for (var i = 0; i < events.Length; i++)
        {
            var text = events[i];
            if (text[0] == '+')
            {
                var minutes = text[1..text.IndexOf(' ', StringComparison.Ordinal)];
                at = Eight.AddMinutes(int.Parse(minutes, System.Globalization.CultureInfo.InvariantCulture));
                text = text[(minutes.Length + 2)..];
            }

            var channel = "orchestration";
            if (text.StartsWith("reconciler:", StringComparison.Ordinal))
                (channel, text) = ("reconciler", text["reconciler:".Length..]);
            var end = text.IndexOf(' ', StringComparison.Ordinal);
            request.Take(Fact(10 + i, text[..end], at, text[end..], channel));
        }

        return (request, at);
    }

    private static LoggedFact Fact(long index, string type, DateTimeOffset at, string data, string channel = "api") =>
        new(index, type, at, channel, JsonElement.Parse(data));

    private static DateTimeOffset Day(int day) => March.From.AddDays(day - 1);
}
