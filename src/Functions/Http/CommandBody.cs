using JitFunctions.Domain.Requests;

namespace JitFunctions.Functions.Http;

/// <summary>The body of a command on a request; <see cref="Verdict"/> only for reviews.</summary>
internal record CommentBody
{
    public string? Comment { get; init; }

    public virtual IEnumerable<FieldError> Errors()
    {
        if (Comment is { } comment && !RequestForm.IsPlainText(comment, RequestForm.LongestComment))
            yield return new("comment", $"at most {RequestForm.LongestComment} characters, without control characters.");
    }
}

internal sealed record ReviewBody : CommentBody
{
    public string? Verdict { get; init; }

    public Verdict? ParsedVerdict => Verdict switch
    {
        "approve" => Domain.Requests.Verdict.Approve,
        "deny" => Domain.Requests.Verdict.Deny,
        _ => null,
    };

    public override IEnumerable<FieldError> Errors() => ParsedVerdict is null
        ? base.Errors().Append(new("verdict", "must be approve or deny."))
        : base.Errors();
}
