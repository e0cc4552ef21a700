using System.Security.Cryptography;

namespace JitFunctions.LocalStack;

/// <param name="Resource">The resource that the token is for, without <c>/.default</c>.</param>
/// <param name="ClientId">Null for the app's default identity.</param>
public sealed record MintedToken(
    string Value,
    string Resource,
    string? ClientId,
    DateTimeOffset IssuedOn,
    DateTimeOffset ExpiresOn
);

/// <summary>Issues tokens to apps like Entra ID, for all endpoints, and can simulate failures.</summary>
public sealed class TokenMint(TimeProvider clock)
{
    private const string AnyScope = "/.default";
    private readonly List<MintedToken> _issued = [];
    private int _calls;

    /// <summary>The lifetime of tokens that are issued from now on.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>If true, every call gets a 503.</summary>
    public bool Away { get; set; }

    /// <summary>Called before the caller gets the token, so that the services that accept it know it in time.</summary>
    public Func<MintedToken, Task>? OnIssue { get; set; }

    /// <summary>The number of requests for a token, including failed ones.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public IReadOnlyList<MintedToken> Issued
    {
        get
        {
            lock (_issued)
                return [.. _issued];
        }
    }

    /// <summary>The token, while it is valid.</summary>
    public MintedToken? Find(string value) =>
        Issued.FirstOrDefault(token => token.Value == value && token.ExpiresOn > clock.GetUtcNow());

    /// <returns>Null while <see cref="Away"/> is set.</returns>
    internal async Task<MintedToken?> IssueAsync(string resource, string? clientId)
    {
        Interlocked.Increment(ref _calls);
        if (Away)
            return null;
        if (resource.EndsWith(AnyScope, StringComparison.Ordinal))
            resource = resource[..^AnyScope.Length];
        var value = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var now = clock.GetUtcNow();
        var token = new MintedToken(
            value,
            resource,
            string.IsNullOrEmpty(clientId) ? null : clientId,
            now,
            now + Lifetime
        );
        if (OnIssue is { } tell)
            await tell(token);
        lock (_issued)
            _issued.Add(token);
        return token;
    }
}
