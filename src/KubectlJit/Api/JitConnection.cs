using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using JitFunctions.KubectlJit.Settings;
using JitFunctions.KubectlJit.Terminal;

namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// Calls the server. Each call returns a response or throws a <see cref="Failure"/> that says what is wrong.
/// </summary>
internal sealed class JitConnection : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly TokenSource _token;
    private readonly BrokenCall _broken;

    /// <param name="retryFor">How long to retry while the server cannot be reached.</param>
    public JitConnection(Shell shell, ServerAddress server, TokenSource token, TimeSpan retryFor)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            // Calls to this machine must not go through a proxy: it would get the token in plain text.
            UseProxy = !server.IsLoopback && shell.Proxy is not null,
            Proxy = shell.Proxy,
        };
        _token = token;
        _broken = new BrokenCall(shell, server);
        _http = new HttpClient(new BearerHandler(token, new RetryingHandler(shell, retryFor, sockets)))
        {
            BaseAddress = server.Api,
            Timeout = retryFor + RequestsClient.LongestWait + TimeSpan.FromSeconds(15),
        };
    }

    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancel, string? ifNoneMatch = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (ifNoneMatch is not null)
            request.Headers.IfNoneMatch.ParseAdd(ifNoneMatch);
        return SendAsync(request, cancel);
    }

    /// <summary>Copies an answer of any length, which may take any time once it has begun.</summary>
    public async Task DownloadAsync(string path, Stream to, CancellationToken cancel, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        using var answer = await SendAsync(request, cancel, HttpCompletionOption.ResponseHeadersRead);
        await using var from = await answer.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[128 * 1024];
        while (await ReadAsync(from, buffer, cancel) is > 0 and var length)
            await to.WriteAsync(buffer.AsMemory(0, length), cancel);
    }

    public Task<HttpResponseMessage> PostAsync<T>(
        string path,
        T body,
        JsonTypeInfo<T> type,
        CancellationToken cancel,
        string? idempotencyKey = null,
        string? ifMatch = null
    )
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type))
        {
            Headers = { ContentType = Json },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (idempotencyKey is not null)
            request.Headers.Add(RetryingHandler.IdempotencyKey, idempotencyKey);
        if (ifMatch is not null)
            request.Headers.IfMatch.ParseAdd(ifMatch);
        return SendAsync(request, cancel);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<int> ReadAsync(Stream from, byte[] buffer, CancellationToken cancel)
    {
        try
        {
            return await from.ReadAsync(buffer, cancel);
        }
        catch (IOException cut)
        {
            throw new Failure(
                ExitCode.Unreachable,
                "the server ended its answer too early",
                "incomplete-answer",
                "try again; if that does not help, ask the platform team what the server's log says",
                cut
            );
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancel,
        HttpCompletionOption until = HttpCompletionOption.ResponseContentRead
    )
    {
        try
        {
            var answer = await _http.SendAsync(request, until, cancel);
            if (answer.IsSuccessStatusCode || answer.StatusCode is HttpStatusCode.NotModified)
                return answer;

            using (answer)
            {
                var failure = await Problem.ReadAsync(answer, cancel);
                throw failure.ExitCode is ExitCode.NotSignedIn
                    ? failure.With($"the token came from {_token.Origin}")
                    : failure;
            }
        }
        catch (HttpRequestException broken)
        {
            throw _broken.Of(broken);
        }
        catch (OperationCanceledException late) when (late.InnerException is TimeoutException)
        {
            throw _broken.Late(late);
        }
    }
}
