namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Reads each response completely before it passes it on. The client parses a body while it arrives, and blocks a
/// thread meanwhile: with a few hundred calls at once, the calls then wait for threads, not for the cluster. The client
/// also has no limit of time or size there. Watches, which never end, do not use this handler.
/// </summary>
internal sealed class BufferedResponseHandler : DelegatingHandler
{
    /// <summary>
    /// The largest response in bytes. An object has at most the 1.5 MB that etcd accepts, and JSON can make it six
    /// times as large.
    /// </summary>
    public const long MostBytes = 16 * 1024 * 1024;

    public static bool IsTooLarge(HttpRequestException e) =>
        e.HttpRequestError is HttpRequestError.ConfigurationLimitExceeded;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var answer = await base.SendAsync(request, cancellationToken);
        try
        {
            await answer.Content.LoadIntoBufferAsync(MostBytes, cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
