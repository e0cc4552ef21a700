using System.ComponentModel.DataAnnotations;

namespace JitFunctions.Functions.Security;

/// <summary>Which tokens are believed. Nothing here has a default that lets anybody in.</summary>
public sealed class AuthenticationOptions
{
    public const string Section = "Authentication";

    /// <summary>The issuer; its discovery document is at <c>/.well-known/openid-configuration</c> below it.</summary>
    [Required]
    public Uri Authority { get; init; } = null!;

    [Required]
    public string Audience { get; init; } = null!;

    /// <summary>The claim that holds the user name by which the clusters know a person.</summary>
    [Required]
    public string UsernameClaim { get; init; } = "preferred_username";

    [Required]
    public string GroupsClaim { get; init; } = "groups";

    /// <summary>May be false only for an issuer on this very machine.</summary>
    public bool RequireHttps { get; init; } = true;
}
