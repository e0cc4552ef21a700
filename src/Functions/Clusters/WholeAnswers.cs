namespace JitFunctions.Functions.Clusters;

/// <summary>
/// Hands answers on when they have arrived whole. The client parses a body while it arrives, and blocks a thread meanwhile: a few hundred
/// calls at once then wait for threads, not for the cluster. It also has no time limit there. Watches, which never end, do not pass here.
/// </summary>
internal sealed class WholeAnswers : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        try
        {
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            return answer;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }
}
