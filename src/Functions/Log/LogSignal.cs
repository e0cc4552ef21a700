using Marten;
using Marten.Services;

namespace JitFunctions.Functions.Log;

/// <summary>Tells the node that it has stored events, so that they come into the log without a poll.</summary>
internal sealed class LogSignal : DocumentSessionListenerBase, IDisposable
{
    private readonly SemaphoreSlim _stored = new(0, 1);

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        if (commit.GetStreams().Any())
            Set();
        return Task.CompletedTask;
    }

    public void Set()
    {
        try
        {
            _stored.Release();
        }
        catch (SemaphoreFullException) { } // it is set already
    }

    public Task WaitAsync(CancellationToken cancellation) => _stored.WaitAsync(cancellation);

    public void Dispose() => _stored.Dispose();
}
