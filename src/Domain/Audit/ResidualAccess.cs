namespace JitFunctions.Domain.Audit;

/// <summary>Something that was made with a grant and may still give access after its end.</summary>
/// <param name="Name">The object as <c>namespace/name</c>, or its name alone; null if the event does not tell, because
/// the API server generated the name.</param>
/// <param name="Detail">What is known about it, in words; null if nothing more is.</param>
/// <param name="At">When it was made, by the clock of the API server.</param>
/// <param name="EndsAt">When it ends by itself, or ended; null if it does not, or that is unknown.</param>
public sealed record ResidualAccess(
    ResidualKind Kind,
    ResidualCertainty Certainty,
    string? Name,
    string? Detail,
    DateTimeOffset At,
    DateTimeOffset? EndsAt = null
)
{
    public string Describe() =>
        $"{Words(Kind)} {Name ?? "with a generated name"}"
        + (Detail is { } detail ? $" ({detail})" : "")
        + (EndsAt is { } ends ? $", until {ends.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "")
        + Certainty switch
        {
            ResidualCertainty.Unknown => "; whether it gives access cannot be told from its event",
            ResidualCertainty.LowerBound => "; its end was not recorded",
            _ => "",
        };

    private static string Words(ResidualKind kind) =>
        kind switch
        {
            ResidualKind.Binding => "binding",
            ResidualKind.Role => "role",
            ResidualKind.Token => "token of service account",
            ResidualKind.SecretToken => "token in secret",
            ResidualKind.Certificate => "certificate signing request",
            ResidualKind.Webhook => "webhook configuration",
            ResidualKind.Pod => "pod or workload",
            ResidualKind.OpenStream => "open stream to",
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
}

public enum ResidualKind
{
    Binding,
    Role,
    Token,

    /// <summary>A Secret with a token of a service account, which never expires.</summary>
    SecretToken,

    /// <summary>A client certificate cannot be revoked, and outlives its signing request.</summary>
    Certificate,
    Webhook,

    /// <summary>A pod with access to its node, or a workload that makes such pods.</summary>
    Pod,

    /// <summary>Whoever has opened one keeps it: the API server authorizes a call only at its beginning.</summary>
    OpenStream,
}

public enum ResidualCertainty
{
    Certain,

    /// <summary>
    /// The event does not tell, mostly because it has no body: whether a Secret holds a token, whether a pod has access
    /// to its node, whether a certificate was issued, whether a delete was a dry run.
    /// </summary>
    Unknown,

    /// <summary>A stream whose end was not recorded. There may be more: a watch that has sent nothing yet has no
    /// event.</summary>
    LowerBound,
}
