using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace JitFunctions.LocalStack;

/// <summary>
/// Receives the app's notices as the specification describes, and keeps those that are signed and well formed:
/// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md.
/// </summary>
public sealed class NotificationInbox : IAsyncDisposable
{
    private const int LargestBody = 20 * 1024;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly List<JsonObject> _messages = [];
    private readonly List<string> _turnedAway = [];
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly TimeProvider _clock;
    private readonly WebApplication _site;
    private int _refused;

    private NotificationInbox(TimeProvider clock)
    {
        _clock = clock;
        _site = LoopbackSite.Build(Address);
        _site.MapPost(Address.AbsolutePath, ReceiveAsync);
    }

    public Uri Address { get; } = new($"http://127.0.0.1:{FreePort.Next()}/notices");

    public string Secret => $"whsec_{Convert.ToBase64String(_key)}";

    /// <summary>
    /// The accepted messages in the order of arrival, including repetitions: type, timestamp, data, and the header
    /// webhook-id as "id".
    /// </summary>
    public IReadOnlyList<JsonObject> Messages
    {
        get
        {
            lock (_messages)
                return [.. _messages];
        }
    }

    /// <summary>The number of invalid calls; 0 unless something is wrong.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>If true, every call gets a 503 and its message is discarded.</summary>
    public bool Failing { get; set; }

    /// <summary>The header webhook-id of each call that arrived while the inbox was failing.</summary>
    public IReadOnlyList<string> TurnedAway
    {
        get
        {
            lock (_turnedAway)
                return [.. _turnedAway];
        }
    }

    public static async Task<NotificationInbox> StartAsync(
        TimeProvider? clock = null,
        CancellationToken cancellation = default
    )
    {
        var inbox = new NotificationInbox(clock ?? TimeProvider.System);
        await inbox._site.StartAsync(cancellation);
        return inbox;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest call)
    {
        using var body = new MemoryStream();
        await call.Body.CopyToAsync(body);
        if (Failing)
            return TurnAway(call.Headers["webhook-id"].ToString());
        if (!IsGenuine(call.Headers, body.ToArray()))
            return Refuse(StatusCodes.Status401Unauthorized);
        if (body.Length > LargestBody || !call.HasJsonContentType() || Parse(body.ToArray()) is not { } message)
            return Refuse(StatusCodes.Status400BadRequest);

        message["id"] = call.Headers["webhook-id"].ToString();
        lock (_messages)
            _messages.Add(message);
        return Results.NoContent();
    }

    private bool IsGenuine(IHeaderDictionary headers, byte[] body)
    {
        if (headers["webhook-id"] is not [{ Length: > 0 } id] || id.Contains('.', StringComparison.Ordinal))
            return false;
        if (
            !long.TryParse(
                headers["webhook-timestamp"],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
        )
            return false;
        if (Math.Abs(_clock.GetUtcNow().ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
            return false;
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{seconds}."), .. body];
        var expected = Encoding.UTF8.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(_key, content))}");
        return headers["webhook-signature"]
            .ToString()
            .Split(' ')
            .Any(signature => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected));
    }

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return
                JsonNode.Parse(body) is JsonObject message
                && message["type"] is not null
                && message["timestamp"] is not null
                && message["data"] is not null
                ? message
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private IResult TurnAway(string id)
    {
        lock (_turnedAway)
            _turnedAway.Add(id);
        return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
    }

    private IResult Refuse(int status)
    {
        Interlocked.Increment(ref _refused);
        return Results.StatusCode(status);
    }
}
