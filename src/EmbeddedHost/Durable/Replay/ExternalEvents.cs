using Microsoft.DurableTask;

namespace JitFunctions.EmbeddedHost.Durable.Replay;

/// <summary>
/// Brings events and waits together. An early event is kept; of several waits the latest one gets the event, as in Durable Task,
/// so that a wait that was abandoned (the loser of a WhenAny) does not swallow it. Cancelled waits get nothing.
/// </summary>
internal sealed class ExternalEvents(TurnPump pump, DataConverter converter)
{
    private readonly List<EventRaised> _early = [];
    private readonly List<Wait> _waits = [];

    public IReadOnlyList<EventRaised> Unprocessed => _early;

    public bool AnyWaits => _waits.Count > 0;

    public Task<T> WaitFor<T>(string name, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);

        var wait = new Wait<T>(name);
        if (_early.Find(wait.IsFor) is { } raised)
        {
            _early.Remove(raised);
            wait.Complete(raised, converter);
            return wait.Task;
        }

        _waits.Add(wait);
        cancellation.Register(() =>
        {
            if (pump.IsOnThread && _waits.Remove(wait))
                wait.Cancel(cancellation);
        });
        return wait.Task;
    }

    public void Raise(EventRaised raised)
    {
        if (_waits.FindLast(wait => wait.IsFor(raised)) is { } wait)
        {
            _waits.Remove(wait);
            wait.Complete(raised, converter);
        }
        else
        {
            _early.Add(raised);
        }
    }

    private abstract class Wait(string name)
    {
        public bool IsFor(EventRaised raised) => string.Equals(raised.Name, name, StringComparison.OrdinalIgnoreCase);

        public abstract void Complete(EventRaised raised, DataConverter converter);
    }

    private sealed class Wait<T>(string name) : Wait(name)
    {
        private readonly TaskCompletionSource<T> _completion = new();

        public Task<T> Task => _completion.Task;

        public void Cancel(CancellationToken cancellation) => _completion.TrySetCanceled(cancellation);

        public override void Complete(EventRaised raised, DataConverter converter)
        {
            try
            {
                _completion.TrySetResult(converter.Deserialize<T>(raised.Payload)!);
            }
            catch (Exception unreadable)
            {
                _completion.TrySetException(unreadable);
            }
        }
    }
}
