namespace JitFunctions.KubectlJit.Api;

/// <summary>The part of a request that a review decides about, from the version that was read.</summary>
/// <param name="Scope">
/// The scope hash that the review must contain; null when the server is too old to have scope hashes.
/// </param>
/// <param name="Reviews">The reviews of the same subject so far.</param>
internal abstract record ReviewSubject(AccessRequest Request, string? Scope, IReadOnlyList<Review> Reviews)
{
    public sealed record Asked(AccessRequest Request) : ReviewSubject(Request, Request.Scope, Request.Reviews ?? []);

    public sealed record Longer(AccessRequest Request, Extension Extension)
        : ReviewSubject(Request, Extension.Scope, Extension.Reviews ?? []);

    public sealed record Done(AccessRequest Request, BreakGlass BreakGlass)
        : ReviewSubject(Request, Request.Scope, BreakGlass.Reviews ?? []);

    /// <summary>
    /// A waiting extension if there is one, else the review that break-glass owes, else the request itself in any
    /// status.
    /// </summary>
    public static ReviewSubject Of(AccessRequest request) =>
        request switch
        {
            { Extension: { } extension } => new Longer(request, extension),
            { BreakGlass: { SettledAt: null } breakGlass } => new Done(request, breakGlass),
            _ => new Asked(request),
        };
}
