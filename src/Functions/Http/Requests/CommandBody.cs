using JitFunctions.Domain.Requests;
using JitFunctions.Domain.Scopes;
using JitFunctions.Domain.Text;

namespace JitFunctions.Functions.Http.Requests;

/// <summary>The body of a command on a request.</summary>
internal record CommentBody
{
    public string? Comment { get; init; }

    public virtual IEnumerable<FieldError> Errors()
    {
        if (Comment is { } comment && !RequestForm.IsPlainText(comment, RequestForm.LongestComment))
            yield return new(
                "comment",
                $"at most {RequestForm.LongestComment} characters, without control and invisible characters."
            );
    }
}

internal sealed record ReviewBody : CommentBody
{
    public string? Verdict { get; init; }

    public string? Scope { get; init; }

    public NarrowBody? Narrow { get; init; }

    public Verdict? ParsedVerdict =>
        Verdict switch
        {
            "approve" => Domain.Requests.Verdict.Approve,
            "deny" => Domain.Requests.Verdict.Deny,
            _ => null,
        };

    public override IEnumerable<FieldError> Errors() => [.. base.Errors(), .. OwnErrors(), .. Narrow?.Errors() ?? []];

    private IEnumerable<FieldError> OwnErrors()
    {
        if (ParsedVerdict is null)
            yield return new("verdict", "must be approve or deny.");
        if (string.IsNullOrEmpty(Scope))
            yield return new(
                "scope",
                "say which scope the review is about: the request's 'scope', or that of the extension that waits."
            );
        if (Narrow is not null && ParsedVerdict is Domain.Requests.Verdict.Deny)
            yield return new("narrow", "cannot be used with deny.");
    }
}

internal sealed record NarrowBody
{
    public string? Duration { get; init; }

    public IReadOnlyList<string?>? Namespaces { get; init; }

    public IReadOnlyList<RuleBody?>? Rules { get; init; }

    public ScopeNarrowing Parse() =>
        new(
            KubernetesDuration.TryParse(Duration),
            Namespaces is null ? null : [.. Namespaces.Select(name => name ?? string.Empty)],
            RuleBody.ParseAll(Rules)
        );

    public IEnumerable<FieldError> Errors()
    {
        if (Duration is not null && KubernetesDuration.TryParse(Duration) is null)
            yield return new("narrow.duration", "write it as 30m, 1h30m or 90s.");
        foreach (var error in RuleBody.ParseAll(Rules) is { } rules ? RequestForm.RuleErrors(rules) : [])
            yield return error with
            {
                Field = $"narrow.{error.Field}",
            };
    }
}

internal sealed record ExtendBody : CommentBody
{
    public string? Duration { get; init; }

    public string? Reason { get; init; }

    public TimeSpan ParsedDuration => KubernetesDuration.TryParse(Duration)!.Value;

    public override IEnumerable<FieldError> Errors()
    {
        if (
            KubernetesDuration.TryParse(Duration) is not { } duration
            || duration < RequestForm.ShortestDuration
            || duration > RequestForm.LongestDuration
        )
            yield return new("duration", "give the additional time, such as 30m.");
        if (string.IsNullOrWhiteSpace(Reason) || !RequestForm.IsPlainText(Reason, RequestForm.LongestReason))
            yield return new(
                "reason",
                $"say why in 1 to {RequestForm.LongestReason} characters, without control and invisible characters."
            );
        if (Comment is not null)
            yield return new("comment", "cannot be used here; give a reason.");
    }
}
