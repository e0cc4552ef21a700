using System.Threading.Channels;

namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>Tells the dispatcher that there may be work. Several signals while it is busy count as one.</summary>
internal sealed class WakeUp(TimeProvider time)
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>
    /// Whether this node has no free slots, so that other nodes should be notified of new work at once.
    /// </summary>
    public bool PeersMustHelp { get; set; } = true;

    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Returns on a signal, after <paramref name="longest"/>, or when cancelled.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        using var elapsed = new CancellationTokenSource(longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(elapsed.Token, cancellation);
        try
        {
            await _signals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Either the time is up or the caller cancelled; the caller checks which.
        }
    }
}
