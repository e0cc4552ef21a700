using System.Text.Json;

namespace JitFunctions.Domain.Evidence;

/// <summary>
/// What the log has about one request, event by event, and what an evidence archive says of it: whether it belongs to
/// the population, its row and its exceptions. The server that makes the archive and the plugin that verifies it run
/// this code on the same leaves, so that both come to the same bytes.
/// </summary>
public sealed class RequestEvidence(string id, EvidencePeriod period)
{
    private readonly RequestExceptions _exceptions = new(id);
    private readonly List<GivenApproval> _approvals = [];
    private bool _isFinalBefore;
    private bool _isTouched;
    private LoggedTerms _terms = LoggedTerms.None;
    private LoggedPerson? _requester;
    private string _policy = string.Empty;
    private string _policyVersion = string.Empty;
    private bool _isBreakGlass;
    private int _required;
    private TimeSpan? _extensionTotal;
    private bool _mayExtend;
    private string? _scopeHash;
    private bool _isScopeHashErased;
    private string _approval = "none";
    private string _approvers = string.Empty;
    private DateTimeOffset? _requestedAt;
    private DateTimeOffset? _approvedAt;
    private DateTimeOffset? _activatedAt;
    private DateTimeOffset? _expiresAt;
    private DateTimeOffset? _endingAt;
    private DateTimeOffset? _endedAt;
    private DateTimeOffset? _reviewBy;
    private bool _isSettled;
    private string _cause = string.Empty;
    private string _endedBy = string.Empty;
    private string _denial = string.Empty;
    private int _extensions;
    private long _first = -1;
    private long _last;

    public string Id => id;

    public long FirstIndex => _first;

    public string Status { get; private set; } = string.Empty;

    public int Events { get; private set; }

    /// <summary>
    /// Whether it is in the population: it was asked for before the end of the period, and it was not over when the
    /// period began, or something was recorded about it within the period. It follows from the times and types of
    /// leaves alone, so that it can be told whatever is erased.
    /// </summary>
    public bool IsInPopulation => _requestedAt < period.To && (!_isFinalBefore || _isTouched);

    /// <param name="fact">The next event of the request.</param>
    public void Take(LoggedFact fact)
    {
        if (_first < 0)
            _first = fact.Index;
        _last = fact.Index;
        Events++;
        _isTouched |= period.Has(fact.At);
        _isFinalBefore |= fact.At < period.From && FactNames.IsFinal(fact.Type);
        switch (fact.Type)
        {
            case FactNames.Requested:
                Request(fact);
                break;
            case FactNames.Reviewed or FactNames.ExtensionReviewed or FactNames.BreakGlassReviewed:
                Review(fact);
                break;
            case FactNames.Narrowed:
                _terms = LoggedTerms.Of(fact.Data.Member("terms"));
                ReadScopeHash(fact.Data);
                break;
            case FactNames.ApprovalVoided:
                Void(fact);
                break;
            case FactNames.Approved:
                Approve(fact);
                break;
            case FactNames.ActivationStarted:
                Status = "activating";
                if (_approvedAt is null)
                    _exceptions.Add(ExceptionCodes.NotApproved, fact, "the activation started without an approval");
                break;
            case FactNames.Activated:
                Status = "active";
                (_activatedAt, _expiresAt) = (fact.At, fact.Data.Time("expiresAt"));
                break;
            case FactNames.Extended:
                Extend(fact);
                break;
            case FactNames.EndingStarted:
                StartEnding(fact);
                break;
            case FactNames.Ended or FactNames.Withdrawn or FactNames.Failed:
                End(fact);
                break;
            case FactNames.Denied:
                Status = "denied";
                break;
            case FactNames.Lapsed:
                Status = "lapsed";
                break;
            case FactNames.BreakGlassConcluded:
                _isSettled = true;
                if (!fact.Data.Flag("justified"))
                    _exceptions.Add(ExceptionCodes.BreakGlassUnjustified, fact, "a reviewer did not approve the use");
                break;
            case FactNames.ReviewOverdue:
                _exceptions.Add(ExceptionCodes.BreakGlassReviewLate, fact, $"the deadline was {Time(_reviewBy)}");
                break;
            default:
                _exceptions.AddOfCluster(fact);
                break;
        }
    }

    /// <summary>What an auditor has to look at, in the order of the log.</summary>
    /// <param name="asOf">When the last leaf of the log was recorded.</param>
    public IReadOnlyList<ExceptionRow> Exceptions(DateTimeOffset asOf)
    {
        var due = Earlier(_expiresAt, _endingAt);
        var all = _exceptions.All.ToList();
        if (due is { } end && _endedAt is null && RequestExceptions.IsLate(end, asOf))
            all.Add(new(id, ExceptionCodes.NotEnded, end, null, $"no end is recorded until {Time(asOf)}"));
        if (_reviewBy is { } by && !_isSettled && by <= asOf)
            all.Add(
                new(id, ExceptionCodes.BreakGlassUnreviewed, by, null, $"no review is complete until {Time(asOf)}")
            );
        return all;
    }

    /// <param name="exceptions">Its exceptions.</param>
    internal IReadOnlyList<string> Cells(IReadOnlyList<ExceptionRow> exceptions) =>
        [
            id,
            Time(_requestedAt),
            _requester?.Shown ?? string.Empty,
            _terms.Cluster,
            _terms.Namespaces,
            _terms.Role,
            _terms.Duration,
            _terms.Reason,
            _terms.Ticket,
            _policy,
            _policyVersion,
            _approval,
            _approvers,
            Time(_approvedAt),
            Time(_activatedAt),
            Time(_expiresAt),
            Time(_endedAt),
            _cause,
            _endedBy,
            _denial,
            Status,
            RequestExceptions.Number(_extensions),
            RequestExceptions.Number(Events),
            RequestExceptions.Number(_first),
            RequestExceptions.Number(_last),
            string.Join(' ', exceptions.Select(one => one.Code).Distinct()),
        ];

    private void Request(LoggedFact fact)
    {
        var (data, policy) = (fact.Data, fact.Data.Member("policy"));
        Status = "pending";
        _requestedAt ??= fact.At;
        _requester = LoggedPerson.Read(data.Member("requester"), data);
        _terms = LoggedTerms.Of(data.Member("terms"));
        (_policy, _policyVersion) = (policy.Shown("name"), policy.Shown("version"));
        _isBreakGlass = data.Member("terms").Flag("breakGlass");
        _required =
            policy.Member("requirements").ValueKind is JsonValueKind.Array
                ? policy.Items("requirements").Sum(one => one.Number("count"))
                : policy.Number("requiredApprovals");
        _mayExtend = policy.Member("extension").ValueKind is JsonValueKind.Object;
        _extensionTotal = policy.Member("extension").Duration("total");
        _reviewBy = data.Time("reviewBy");
        ReadScopeHash(data);
        if (_isBreakGlass)
            _exceptions.Add(ExceptionCodes.BreakGlass, fact, $"to be reviewed by {Time(_reviewBy)}");
    }

    private void ReadScopeHash(JsonElement data) =>
        (_scopeHash, _isScopeHashErased) = (data.Text("scopeHash"), data.Text("scopeHash") is null && data.HasErased());

    private void Review(LoggedFact fact)
    {
        if (fact.Data.Text("verdict") is not "approve")
            return;
        var by = LoggedPerson.Read(fact.Data.Member("by"), fact.Data);
        if (fact.Type == FactNames.Reviewed)
            _approvals.Add(new(by, fact.Data.Text("scopeHash"), fact.Index, fact.At));
        if (!by.IsKnown || _requester is not { IsKnown: true })
            _exceptions.Add(ExceptionCodes.NotDetermined, fact, "who approved, or who asked, was erased");
        else if (by.IsSameAs(_requester))
            _exceptions.Add(
                ExceptionCodes.SelfApproval,
                fact,
                $"{by.Shown} approved what {_requester.Shown} asked for"
            );
    }

    private void Void(LoggedFact fact)
    {
        Status = "pending";
        _approvedAt = null;
        (_approval, _approvers) = ("none", string.Empty);
        var voided = fact.Data.Texts("reviewers");
        _approvals.RemoveAll(one => one.By.Subject is { } subject && voided.Contains(subject));
        if (voided is [] && fact.Data.HasErased())
            _exceptions.Add(ExceptionCodes.NotDetermined, fact, "whose approvals no longer counted was erased");
    }

    private void Approve(LoggedFact fact)
    {
        var counting = _approvals.Where(one => one.ScopeHash == _scopeHash).ToList();
        Status = "approved";
        _approvedAt = fact.At;
        _approvers = string.Join(' ', counting.Select(one => one.By.Shown).Distinct(StringComparer.Ordinal));
        _approval =
            fact.Data.Flag("breakGlass") ? "break-glass"
            : fact.Data.Flag("automatic") ? "automatic"
            : "reviewed";
        if (_approval is not "reviewed")
            return;
        var people = counting.Select(one => one.By.Subject).OfType<string>().Distinct(StringComparer.Ordinal).Count();
        if (_isScopeHashErased || _approvals.Any(one => one.By.Subject is null || one.ScopeHash is null))
            _exceptions.Add(ExceptionCodes.NotDetermined, fact, "who approved which scope was erased");
        else if (people < _required)
            _exceptions.Add(
                ExceptionCodes.TooFewApprovals,
                fact,
                $"{people} approved, and the policy requires {_required}"
            );
    }

    private void Extend(LoggedFact fact)
    {
        var expiry = fact.Data.Time("expiresAt");
        _extensions++;
        if (!_mayExtend)
            _exceptions.Add(ExceptionCodes.ExtensionBeyondPolicy, fact, "the policy allows no extension");
        // The expiry counts from the time of the event, which is a moment before it was recorded.
        else if (expiry - _activatedAt > _extensionTotal + RequestExceptions.Tolerance)
            _exceptions.Add(
                ExceptionCodes.ExtensionBeyondPolicy,
                fact,
                $"the grant lasts until {Time(expiry)}, and the policy allows {_extensionTotal:c} in all"
            );
        _expiresAt = expiry ?? _expiresAt;
    }

    private void StartEnding(LoggedFact fact)
    {
        Status = "ending";
        _endingAt = fact.At;
        _cause = fact.Data.Shown("cause");
        _endedBy = fact.Data.Member("by").Shown("username");
        if (fact.Channel is "reconciler")
            _exceptions.Add(ExceptionCodes.EndedByReconciler, fact, $"cause: {_cause}");
    }

    private void End(LoggedFact fact)
    {
        Status = fact.Type switch
        {
            FactNames.Ended => "ended",
            FactNames.Withdrawn => "withdrawn",
            _ => "failed",
        };
        _endedAt = fact.At;
        if (Earlier(_expiresAt, _endingAt) is { } due && RequestExceptions.IsLate(due, fact.At))
            _exceptions.Add(ExceptionCodes.LateEnd, fact, $"the rights should have ended at {Time(due)}");
        var proof = fact.Data.Member("proof");
        _denial = proof.Shown("verdict");
        if (_denial is not ("" or "denied") || (_denial is "" && fact.Type == FactNames.Ended))
            _exceptions.Add(ExceptionCodes.DenialNotProven, fact, $"{_denial}: {proof.Shown("detail")}");
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;

    private static string Time(DateTimeOffset? at) => at is { } time ? EvidencePeriod.Text(time) : string.Empty;
}
