using System.Security.Cryptography;

namespace JitFunctions.LocalStack;

/// <param name="Resource">What it is for, without <c>/.default</c>.</param>
/// <param name="ClientId">Null for the identity that an app has without naming one.</param>
public sealed record MintedToken(
    string Value,
    string Resource,
    string? ClientId,
    DateTimeOffset IssuedOn,
    DateTimeOffset ExpiresOn
);

/// <summary>What Entra ID gives out to apps, whichever endpoint they ask, and what can be wrong with it.</summary>
public sealed class TokenMint(TimeProvider clock)
{
    private const string AnyScope = "/.default";
    private readonly List<MintedToken> _issued = [];
    private int _calls;

    /// <summary>Of the tokens from now on.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>True: every call is answered with 503.</summary>
    public bool Away { get; set; }

    /// <summary>Happens before the caller has the token, as when those it is for learn of it.</summary>
    public Func<MintedToken, Task>? OnIssue { get; set; }

    /// <summary>How often it was asked, also in vain.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public IReadOnlyList<MintedToken> Issued
    {
        get
        {
            lock (_issued)
                return [.. _issued];
        }
    }

    /// <summary>The token, while it is good.</summary>
    public MintedToken? Find(string value) =>
        Issued.FirstOrDefault(token => token.Value == value && token.ExpiresOn > clock.GetUtcNow());

    /// <returns>Null while it is away.</returns>
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
