using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// Simulates the part of Microsoft Graph that the app calls, with an access token from <see cref="Identity"/>. The
/// first token of a person adds them, with the groups in the token, until a test changes them. Wire format:
/// https://learn.microsoft.com/graph/api/user-get, …/directoryobject-getmembergroups and
/// https://learn.microsoft.com/graph/errors.
/// </summary>
public sealed class UserDirectory : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, User> _users = new(StringComparer.OrdinalIgnoreCase);
    private readonly WebApplication _site;
    private volatile bool _away;

    private UserDirectory(TimeProvider clock)
    {
        _site = LoopbackSite.Build(Address);
        _site.MapGet(
            "/v1.0/users/{userName}",
            (string userName, HttpRequest call) => Answer(userName, call, user => Properties(user, call))
        );
        _site.MapPost(
            "/v1.0/users/{userName}/getMemberGroups",
            (string userName, MemberGroups body, HttpRequest call) =>
                Answer(
                    userName,
                    call,
                    user =>
                        body.SecurityEnabledOnly is null
                            ? Error(400, "Request_BadRequest")
                            : Results.Json(new { value = user.Groups })
                )
        );
        _site.MapGet(
            "/v1.0/groups/{group}",
            (string group, HttpRequest call) =>
                Answer(call)
                ?? (Groups.Contains(group) ? Results.Json(new { id = group }) : Error(404, "Request_ResourceNotFound"))
        );
        Identity = new ManagedIdentity(_site, Address, clock);
    }

    /// <summary>The address that the app uses instead of https://graph.microsoft.com.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}");

    public ManagedIdentity Identity { get; }

    internal static async Task<UserDirectory> StartAsync(TimeProvider clock, CancellationToken cancellation)
    {
        var directory = new UserDirectory(clock);
        await directory._site.StartAsync(cancellation);
        return directory;
    }

    /// <summary>Sets the groups of a person. Later tokens do not change them.</summary>
    public void SetGroups(string userName, params IReadOnlyList<string> groups) => _users[userName] = new(groups);

    /// <summary>Removes a person who has left. Later tokens do not add them again.</summary>
    public void Remove(string userName) => _users[userName] = new([]) { Exists = false };

    public void Disable(string userName) =>
        _users[userName] = new(_users.TryGetValue(userName, out var user) ? user.Groups : []) { Enabled = false };

    /// <summary>Simulates an outage: every call gets a 503.</summary>
    public void Stop() => _away = true;

    public void Start() => _away = false;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    internal void Meet(string userName, IReadOnlyList<string> groups) => _users.TryAdd(userName, new(groups));

    // Only groups that have a member. Graph itself also has empty groups.
    private IEnumerable<string> Groups => _users.Values.SelectMany(user => user.Groups);

    private IResult? Answer(HttpRequest call) =>
        _away ? Error(503, "serviceNotAvailable")
        : Identity.Sent(call) ? null
        : Error(401, "InvalidAuthenticationToken");

    private IResult Answer(string userName, HttpRequest call, Func<User, IResult> answer)
    {
        if (Answer(call) is { } refused)
            return refused;
        return _users.TryGetValue(userName, out var user) && user.Exists
            ? answer(user)
            : Error(404, "Request_ResourceNotFound");
    }

    // This property is not among the default properties of Graph.
    private static IResult Properties(User user, HttpRequest call) =>
        Results.Json(
            call.Query["$select"].ToString().Split(',').Contains("accountEnabled")
                ? new Dictionary<string, object> { ["accountEnabled"] = user.Enabled }
                : []
        );

    private static IResult Error(int status, string code) =>
        Results.Json(new { error = new { code, message = code } }, statusCode: status);

    private sealed record User(IReadOnlyList<string> Groups)
    {
        public bool Exists { get; init; } = true;

        public bool Enabled { get; init; } = true;
    }

    private sealed record MemberGroups(bool? SecurityEnabledOnly);
}
