using Microsoft.AspNetCore.Http;

namespace JitFunctions.KubectlJit.Tests;

/// <summary>A call as it came over the wire.</summary>
internal sealed record Call(string Method, string Target, string Body, IHeaderDictionary Headers)
{
    public string? IfNoneMatch => Headers.IfNoneMatch;

    public static async Task<Call> ReadAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        return new Call(
            request.Method,
            $"{request.Path}{request.QueryString}",
            body,
            new HeaderDictionary(request.Headers.ToDictionary())
        );
    }
}
