namespace JitFunctions.Functions.Platform.SignIn;

/// <summary>Which tokens are accepted. No setting has a default that accepts anybody.</summary>
public sealed record AuthenticationOptions
{
    public const string Section = "Authentication";

    /// <summary>The issuer; its discovery document is at <c>/.well-known/openid-configuration</c> below it.</summary>
    public Uri Authority { get; init; } = null!;

    public string Audience { get; init; } = null!;

    /// <summary>The claim with the user name by which the clusters identify a person.</summary>
    public string UsernameClaim { get; init; } = "preferred_username";

    public string GroupsClaim { get; init; } = "groups";

    /// <summary>
    /// True where the issuer always lists the groups, even if the list is empty: a token without the claim then does
    /// not list them. Otherwise, a token without the claim means a person who is in no group.
    /// </summary>
    public bool RequireGroups { get; init; }

    /// <summary>
    /// The media type that the header's <c>typ</c> must have, such as <c>at+jwt</c> (RFC 9068); null for any.
    /// </summary>
    public string? TokenType { get; init; }

    /// <summary>May be false only for an issuer on this machine.</summary>
    public bool RequireHttps { get; init; } = true;

    public IEnumerable<string> Errors()
    {
        if (AuthorityError() is { } wrong)
            yield return wrong;
        if (string.IsNullOrWhiteSpace(Audience))
            yield return "Authentication:Audience is not set: name the audience that the tokens are meant for.";
        if (string.IsNullOrWhiteSpace(UsernameClaim))
            yield return "Authentication:UsernameClaim is empty: name a claim, or leave it out.";
        if (string.IsNullOrWhiteSpace(GroupsClaim))
            yield return "Authentication:GroupsClaim is empty: name a claim, or leave it out.";
        if (TokenType is not null && string.IsNullOrWhiteSpace(TokenType))
            yield return "Authentication:TokenType is empty: name a media type such as at+jwt, or leave it out.";
    }

    private string? AuthorityError() =>
        Authority switch
        {
            null or { OriginalString: "" } =>
                "Authentication:Authority is not set: name the issuer of the tokens, such as "
                    + "https://login.example.com.",
            { IsAbsoluteUri: false } => "Authentication:Authority must be an address with https://.",
            { Scheme: not ("https" or "http") } => "Authentication:Authority must be an address with https://.",
            { Scheme: "http" } when RequireHttps =>
                "Authentication:Authority must begin with https://; only for an issuer on this machine "
                    + "Authentication:RequireHttps may be false.",
            { IsLoopback: false } when !RequireHttps =>
                "Authentication:RequireHttps may be false for a loopback authority only.",
            _ => null,
        };
}
