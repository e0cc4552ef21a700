namespace JitFunctions.Functions.Platform.Directory;

/// <summary>
/// The source of people's groups at an activation: Microsoft Graph, or the latest tokens of these people.
/// </summary>
public sealed class DirectoryOptions
{
    public const string Section = "Directory";

    /// <summary>
    /// More than any sign-in policy requires. The limit also rejects 24:00:00, which .NET reads as 24 days.
    /// </summary>
    public static readonly TimeSpan LongestTokensGoodFor = TimeSpan.FromDays(7);

    public GraphOptions Graph { get; init; } = new();

    /// <summary>How long after its issue the groups in a token count as current. Not used with Graph.</summary>
    public TimeSpan TokensGoodFor { get; init; } = TimeSpan.FromDays(1);

    public IEnumerable<string> Errors()
    {
        if (Graph.Error() is { } wrong)
            yield return wrong;
        if (TokensGoodFor <= TimeSpan.Zero || TokensGoodFor > LongestTokensGoodFor)
            yield return "Directory:TokensGoodFor must be a time of up to 7 days: "
                + "write 1.00:00:00 for one day, 08:00:00 for eight hours.";
    }
}

public sealed class GraphOptions
{
    private static readonly Uri Global = new("https://graph.microsoft.com");

    /// <summary>Without a path, such as <c>https://graph.microsoft.com</c>. Null: Graph is not used.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Client id of the identity that calls Graph; the app's own when absent.</summary>
    public string? ManagedIdentityClientId { get; init; }

    /// <summary>
    /// Each national cloud has its own tokens. A substitute for Graph on this machine accepts those of the global
    /// cloud.
    /// </summary>
    internal string Scope => $"{(Endpoint!.IsLoopback ? Global : Endpoint).GetLeftPart(UriPartial.Authority)}/.default";

    internal string? Error() =>
        Endpoint switch
        {
            null when !string.IsNullOrEmpty(ManagedIdentityClientId) =>
                "Directory:Graph:ManagedIdentityClientId is for Graph: set Directory:Graph:Endpoint too, or "
                    + "leave it out.",
            null => null,
            { IsAbsoluteUri: false } or { Scheme: not ("https" or "http") } or { Scheme: "http", IsLoopback: false } =>
                "Directory:Graph:Endpoint must begin with https://; only one on this machine may have http://.",
            { PathAndQuery: not "/" } or { Fragment: not "" } or { UserInfo: not "" } =>
                "Directory:Graph:Endpoint must have no path and nothing else after the host, such as "
                    + "https://graph.microsoft.com.",
            _ => null,
        };
}
