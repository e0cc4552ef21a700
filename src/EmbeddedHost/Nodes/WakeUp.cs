using System.Threading.Channels;

namespace JitFunctions.EmbeddedHost.Nodes;

/// <summary>Tells the dispatcher that there may be work. Signals while it is busy add up to one.</summary>
internal sealed class WakeUp(TimeProvider time)
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>Whether this node has no room for more work, so that others should hear of it at once.</summary>
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
            // Time to look, or to end: the caller sees which.
        }
    }
}
