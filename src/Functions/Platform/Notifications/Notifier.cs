using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using JitFunctions.Projections;
using Microsoft.Extensions.Logging;

namespace JitFunctions.Functions.Platform.Notifications;

/// <summary>Sends notices to the configured receiver, as Standard Webhooks: https://www.standardwebhooks.com.</summary>
public sealed partial class Notifier(NotificationOptions options, TimeProvider clock, ILogger<Notifier> log)
    : IDisposable
{
    /// <summary>In bytes, as Standard Webhooks recommends.</summary>
    public const int LargestBody = 20 * 1024;

    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(15);

    // A redirect would send the notice to an address that nobody configured.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly byte[]? _key = options.Key();

    public bool IsConfigured => options.Webhook is not null;

    /// <summary>One attempt; the caller repeats it.</summary>
    /// <param name="id">
    /// The same at every attempt, so that the receiver recognizes a repeated notice. Printable ASCII without spaces and
    /// dots.
    /// </param>
    /// <param name="type">What happened: words of letters, digits and underscores, joined by dots.</param>
    /// <param name="data">The content, in the form that the API would show.</param>
    /// <returns>Null when the receiver has accepted it, otherwise the reason, in one line without secrets.</returns>
    /// <exception cref="ArgumentException">The id or the type is not valid.</exception>
    public async Task<string?> SendAsync(string id, string type, object data, CancellationToken cancellation)
    {
        if (!Id().IsMatch(id))
            throw new ArgumentException($"'{id}' is not a valid id of a notice.", nameof(id));
        if (!Type().IsMatch(type))
            throw new ArgumentException($"'{type}' is not a valid type of a notice.", nameof(type));
        if (options.Webhook is not { } webhook || _key is not { } key)
            return "No webhook is configured.";

        var now = clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(new Notice(type, now, data), JsonForm.Options);
        if (body.Length > LargestBody)
            return $"The notice has {body.Length} bytes, but a receiver need not accept more than {LargestBody}.";

        using var call = new HttpRequestMessage(HttpMethod.Post, webhook) { Content = new ByteArrayContent(body) };
        call.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        call.Headers.Add("webhook-id", id);
        call.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        call.Headers.Add("webhook-signature", WebhookSignature.Sign(key, id, now.ToUnixTimeSeconds(), body));

        var (why, failure) = await TryAsync(call, cancellation);
        if (why is not null)
            log.LogWarning(failure, "Notice {Id} ({Type}) was not accepted: {Why}", id, type, why);
        return why;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string? Why, Exception? Failure)> TryAsync(
        HttpRequestMessage call,
        CancellationToken cancellation
    )
    {
        using var timeout = new CancellationTokenSource(CallTimeout, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            // The body of the response is not needed, and may be long.
            using var answer = await _http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return (answer.IsSuccessStatusCode ? null : $"The receiver answered {(int)answer.StatusCode}.", null);
        }
        catch (HttpRequestException e)
        {
            return ($"The receiver cannot be reached ({e.HttpRequestError}).", e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ($"The receiver did not answer within {CallTimeout.TotalSeconds:0} s.", null);
        }
    }

    [GeneratedRegex(@"^[!-\-/-~]{1,200}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(@"^[a-zA-Z0-9_]+(\.[a-zA-Z0-9_]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Type();

    private sealed record Notice(string Type, DateTimeOffset Timestamp, object Data);
}
