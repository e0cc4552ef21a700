using System.Net;
using System.Net.Http.Headers;
using JitFunctions.KubectlJit.Settings;

namespace JitFunctions.KubectlJit.Api;

/// <summary>
/// Adds the token. If the server rejects it, reads a new token once, because a wait can last longer than a token.
/// </summary>
internal sealed class BearerHandler(TokenSource source, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private string? _token;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var token = _token ??= await source.ReadAsync(cancellationToken);
        var answer = await SendAsync(request, token, cancellationToken);
        if (answer.StatusCode is not HttpStatusCode.Unauthorized)
            return answer;

        _token = await source.ReadAsync(cancellationToken);
        if (_token == token)
            return answer;

        answer.Dispose();
        return await SendAsync(request, _token, cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string token, CancellationToken cancel)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return base.SendAsync(request, cancel);
    }
}
