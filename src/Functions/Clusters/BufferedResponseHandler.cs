namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Hands answers on when they have arrived whole. The client parses a body while it arrives, and blocks a thread
/// meanwhile: a few hundred calls at once then wait for threads, not for the cluster. It also has no limit there,
/// neither of time nor of size. Watches, which never end, do not pass here.
/// </summary>
internal sealed class BufferedResponseHandler : DelegatingHandler
{
    /// <summary>
    /// The most bytes of an answer. An object has at most what etcd takes, 1.5 MB, of which JSON can make six times as
    /// much.
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
