using JitFunctions.EmbeddedHost.Nodes;
using JitFunctions.EmbeddedHost.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace JitFunctions.EmbeddedHost.Tests.Nodes;

public sealed class PersistenceTests : IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private bool _gaveUp;

    public void Dispose() => _lost.Dispose();

    [Fact]
    public async Task A_write_is_repeated_until_it_succeeds() =>
        Assert.Equal("stored", await TryAsync(new IOException("away"), new TimeoutException("away")));

    [Fact]
    public async Task A_write_that_is_refused_at_once_is_void_and_the_node_goes_on()
    {
        Assert.Null(await TryAsync(new NotOwnerException()));
        Assert.False(_gaveUp);
    }

    /// <summary>The first attempt may have been stored, and have claimed what follows, with nobody to run it.</summary>
    [Fact]
    public async Task A_node_that_does_not_know_whether_it_has_stored_something_gives_up_all_that_it_owns()
    {
        Assert.Null(await TryAsync(new IOException("The connection broke."), new NotOwnerException()));
        Assert.True(_gaveUp);
    }

    /// <summary>
    /// A second attempt might find the instance with this node again, and not miss what the first one claimed.
    /// </summary>
    [Fact]
    public async Task A_node_that_cannot_know_what_it_has_claimed_gives_up_without_a_second_attempt()
    {
        Assert.Null(await TryAsync(new UnknownOutcomeException(new IOException("The connection broke."))));
        Assert.True(_gaveUp);
    }

    [Fact]
    public async Task A_node_that_is_lost_already_need_not_give_up()
    {
        Assert.Null(await TryAsync(new IOException("The connection broke."), new NotOwnerException(), loses: true));
        Assert.False(_gaveUp);
    }

    private async Task<string?> TryAsync(Exception first, Exception? second = null, bool loses = false)
    {
        var session = new NodeSession(1, () => _gaveUp = true, _lost.Token, CancellationToken.None);
        var failures = new Queue<Exception>(second is null ? [first] : [first, second]);
        return await Persistence.TryAsync(WriteAsync, session, "a test", TimeProvider.System, NullLogger.Instance);

        Task<string> WriteAsync(CancellationToken cancellation)
        {
            if (!failures.TryDequeue(out var failure))
                return Task.FromResult("stored");
            if (loses && failures.Count == 0)
                _lost.Cancel();
            throw failure;
        }
    }
}
