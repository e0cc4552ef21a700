namespace JitFunctions.KubectlJit.Api;

/// <summary>What a review of a request is about, as the request was read.</summary>
/// <param name="Scope">What the review has to name; null when the server is too old to have scopes.</param>
/// <param name="Reviews">Those given so far about the same.</param>
internal abstract record ReviewSubject(AccessRequest Request, string? Scope, IReadOnlyList<Review> Reviews)
{
    public sealed record Asked(AccessRequest Request) : ReviewSubject(Request, Request.Scope, Request.Reviews ?? []);

    public sealed record Longer(AccessRequest Request, Extension Extension)
        : ReviewSubject(Request, Extension.Scope, Extension.Reviews ?? []);

    public sealed record Done(AccessRequest Request, BreakGlass BreakGlass)
        : ReviewSubject(Request, Request.Scope, BreakGlass.Reviews ?? []);

    /// <summary>
    /// An extension that waits, then the review that break-glass owes, else the request itself, in whatever status.
    /// </summary>
    public static ReviewSubject Of(AccessRequest request) =>
        request switch
        {
            { Extension: { } extension } => new Longer(request, extension),
            { BreakGlass: { SettledAt: null } breakGlass } => new Done(request, breakGlass),
            _ => new Asked(request),
        };
}
